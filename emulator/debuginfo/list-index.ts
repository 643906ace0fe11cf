import type { KernelIndex } from "./kernel-index.js";
import { relativeToKernelTree } from "./kernel-tree-path.js";
import { type Listing, linesAround, type ReadSource } from "./list.js";

/**
 * What gdb's `list *(symbol+offset)` lists, from the compact index of a kernel. That keeps no
 * `is_stmt` flags, by which gdb passes over some rows of the line table: where a line's code
 * is scattered, this names the row that the code belongs to.
 */
export async function listInIndex(
  index: KernelIndex,
  symbol: string,
  offset: number,
  readSource: ReadSource,
): Promise<Listing> {
  const place = index.resolve(symbol, offset);
  if (place === undefined) return { outcome: "no-symbol", symbol };
  const address = index.addressOf(place);
  const chain = index.locate(place);
  const [innermost] = chain;
  if (innermost === undefined || innermost.line === 0) return { outcome: "no-source", address };
  return {
    outcome: "listed",
    address,
    function: chain.at(-1)?.function,
    // As the kernel's own build names its files, and gdb with them.
    file: relativeToKernelTree(innermost.file),
    path: innermost.file,
    line: innermost.line,
    ...linesAround(innermost.line, await readSource(innermost.file)),
  };
}
