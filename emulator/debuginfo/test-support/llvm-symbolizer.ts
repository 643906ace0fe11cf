// This file is for tests alone, which run in Node.
// biome-ignore-start lint/style/noRestrictedImports: see above
import { spawn, spawnSync } from "node:child_process";
// biome-ignore-end lint/style/noRestrictedImports: see above
import type { DebugInfo, SourceLocation } from "../debug-info.js";

/** Debian's package llvm-16 has them; `npm run images` installs it. */
export const LLVM_SYMBOLIZER = "llvm-symbolizer-16";
export const LLVM_GSYMUTIL = "llvm-gsymutil-16";

/** Options that make its output what {@link parseSymbolizerOutput} reads. */
export const SYMBOLIZER_OPTIONS = ["--inlines", "--addresses", "--functions=linkage"];

export interface SymbolizedAddress {
  readonly address: bigint;
  /** From the innermost function to the outermost; at least one, `??` for what is not known. */
  readonly chain: readonly SourceLocation[];
}

/** Why a test that needs a tool of LLVM is skipped; undefined when the tool is there. */
export function missingLlvmTool(tool: string): string | undefined {
  const { error } = spawnSync(tool, ["--version"]);
  return error === undefined ? undefined : `no ${tool}: install Debian's llvm-16`;
}

/** What llvm-symbolizer says of addresses of a file, in their order. */
export async function symbolize(
  file: string,
  addresses: readonly bigint[],
): Promise<SymbolizedAddress[]> {
  const input = addresses.map((address) => `0x${address.toString(16)}\n`).join("");
  const output = await runFilter(LLVM_SYMBOLIZER, [`--obj=${file}`, ...SYMBOLIZER_OPTIONS], input);
  const symbolized = parseSymbolizerOutput(output);
  if (symbolized.length === addresses.length) return symbolized;
  throw new Error(`${LLVM_SYMBOLIZER} answered ${symbolized.length} of ${addresses.length} times.`);
}

/** Runs a program that reads standard input to its end. */
export function runFilter(
  program: string,
  args: readonly string[],
  input: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(Buffer.concat(output).toString());
      else reject(new Error(`${program} ended with status ${status}.`));
    });
    child.stdin.end(input);
  });
}

/**
 * Reads the output of `llvm-symbolizer --inlines --addresses`: a paragraph for each address,
 * with two lines, function and `file:line:column`, for each step of its chain.
 */
export function parseSymbolizerOutput(text: string): SymbolizedAddress[] {
  const paragraphs = text.split(/\n\n+/).filter((paragraph) => paragraph.trim() !== "");
  return paragraphs.map((paragraph) => {
    const [address = "", ...lines] = paragraph.trim().split("\n");
    const chain: SourceLocation[] = [];
    for (let index = 0; index + 1 < lines.length; index += 2) {
      const place = /^(.*):(\d+):(\d+)$/.exec(lines[index + 1] ?? "");
      if (place === null) throw new Error(`Not a place: ${lines[index + 1]}`);
      chain.push({
        function: lines[index] ?? "",
        file: place[1] ?? "",
        line: Number(place[2]),
        column: Number(place[3]),
      });
    }
    return { address: BigInt(address), chain };
  });
}

/**
 * A chain as llvm-symbolizer prints it, without columns: `function file:line < function …`. It
 * prints unknown functions and places where we return nothing.
 */
export function formatChain(chain: readonly SourceLocation[]): string {
  if (chain.length === 0) return "?? ??:0";
  return chain.map((at) => `${at.function} ${at.file}:${at.line}`).join(" < ");
}

/** What our reader says of an address, to be compared with {@link formatChain} of the tool's. */
export function locateAddress(info: DebugInfo, address: bigint): readonly SourceLocation[] {
  const place = info.placeOf(address);
  return place === undefined ? [] : info.locate(place);
}
