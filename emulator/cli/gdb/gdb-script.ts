import type { ModuleSection } from "../../guest/index.js";
import { addSymbolFile, quoteForGdb } from "../../lab/debugger/index.js";

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

const HINT =
  'The guest stands still: "continue" lets it run, Ctrl-C stops it, "monitor help" tells more.';

/** gdb's commands, a line each. */
export function gdbScript(parts: GdbScriptParts): string {
  const lines = [
    `file ${quoteForGdb(parts.vmlinux)}`,
    `add-symbol-file ${quoteForGdb(parts.entryFrames)}`,
    ...parts.folders.map(
      ([from, to]) => `set substitute-path ${quoteForGdb(from)} ${quoteForGdb(to)}`,
    ),
    ...parts.sourceFolders.map((folder) => `directory ${quoteForGdb(folder)}`),
    // The machine has none; gdb steps and looks instead, as it is told here.
    "set can-use-hw-watchpoints 0",
    `target remote ${parts.host}:${parts.port}`,
    ...parts.modules.flatMap(({ file, sections }) => addSymbolFile(file, sections)),
    // A monitor command may put the machine into another state, and gdb does not look by itself.
    "define hookpost-monitor",
    "maintenance flush register-cache",
    "end",
    `echo ${HINT}\\n`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}
