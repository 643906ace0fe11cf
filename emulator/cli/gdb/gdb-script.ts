import type { ModuleSection } from "../../guest/index.js";

/** What gdb is told before the user takes over. */

/** A loaded module, and its file on the host. */
export interface DebuggedModule {
  readonly file: string;
  readonly sections: readonly ModuleSection[];
}

export interface GdbScriptParts {
  readonly vmlinux: string;
  /** What gets gdb over the assembly that the kernel is entered by. */
  readonly entryFrames: string;
  /** Folders in debug information, and where their files are on this host. */
  readonly folders: readonly (readonly [from: string, to: string])[];
  /** Where else sources may be. */
  readonly sourceFolders: readonly string[];
  readonly modules: readonly DebuggedModule[];
  readonly host: string;
  readonly port: number;
}

/** gdb's commands, a line each. */
export function gdbScript(parts: GdbScriptParts): string {
  const lines = [
    `file ${quote(parts.vmlinux)}`,
    `add-symbol-file ${quote(parts.entryFrames)}`,
    ...parts.folders.map(([from, to]) => `set substitute-path ${quote(from)} ${quote(to)}`),
    ...parts.sourceFolders.map((folder) => `directory ${quote(folder)}`),
    `target remote ${parts.host}:${parts.port}`,
    ...parts.modules.flatMap(addSymbolFile),
    // A monitor command may put the machine into another state, and gdb does not look by itself.
    "define hookpost-monitor",
    "maintenance flush register-cache",
    "end",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The kernel places each section of a module on its own. */
function addSymbolFile({ file, sections }: DebuggedModule): string[] {
  const text = sections.find(({ name }) => name === ".text");
  const others = sections.filter((section) => section !== text);
  const places = others.map(({ name, address }) => `-s ${name} ${hex(address)}`);
  const where = [...(text ? [hex(text.address)] : []), ...places];
  return where.length === 0 ? [] : [["add-symbol-file", quote(file), ...where].join(" ")];
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}

/** As gdb splits its arguments: libiberty, buildargv(). */
function quote(word: string): string {
  return /^[\w./:@%+=,~-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, "\\$&")}"`;
}
