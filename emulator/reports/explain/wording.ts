import { trapFrame } from "../disassembly/index.js";
import type { Frame, Report } from "../report.js";

/** Parts of sentences that many explanations share. */

/** `hello_write()` without what the compiler appends to a name (`.cold`, `.isra.0`). */
export function functionName(symbol: string): string {
  return `\`${symbol.replace(/\.(?:cold|isra|constprop|part|llvm|__uniq)\b.*$/, "")}()\``;
}

/** The function that is to blame, as far as the report tells. */
export function culpritName({ culprit }: Report): string | undefined {
  return culprit?.symbol === undefined ? undefined : functionName(culprit.symbol);
}

/** The function that the instruction pointer stood in. */
export function trapName(report: Report): string | undefined {
  const symbol = trapFrame(report)?.symbol;
  return symbol === undefined ? culpritName(report) : functionName(symbol);
}

/** `insmod` (pid 123), as far as it is known. */
export function taskName({ comm, pid }: Pick<Report, "comm" | "pid">): string | undefined {
  if (comm === undefined) return pid === undefined ? undefined : `the task with pid ${pid}`;
  return `\`${comm}\`${pid === undefined ? "" : ` (pid ${pid})`}`;
}

/** `1 byte`, `6 bytes`. */
export function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** The first line of a report that matches, with its groups. */
export function findLine(
  { text }: Pick<Report, "text">,
  pattern: RegExp,
): RegExpExecArray | undefined {
  for (const line of text) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

/** All lines of a report that match. */
export function linesLike({ text }: Pick<Report, "text">, pattern: RegExp): string[] {
  return text.filter((line) => pattern.test(line)).map((line) => line.trim());
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Functions that every allocation or release goes through: the one behind them is of interest. */
const ALLOCATORS =
  /^(?:_*kasan_|_*kmalloc|_*kmem_cache_|_*kfree|kvfree|kvmalloc|_*slab_|_*alloc_|krealloc|kmemdup|kstrdup|_*get_free_page|_*free_page|vmalloc|vfree|vzalloc|save_stack|set_track|stack_trace|stack_depot|_*do_kmalloc|_*do_kmem|_*cache_|kfence_|poison_|unpoison_|__vmalloc|free_percpu|pcpu_|skb_free_head|_*kmsan_|process_slab|___?slab|new_slab|allocate_slab|qlist_|quarantine_)/;

/** The function that a trace such as "allocated" or "freed" leads to, behind the allocator. */
export function traceOwner(frames: readonly Frame[], trace: RegExp): string | undefined {
  const owner = frames.find(
    ({ symbol, trace: name, sure }) =>
      sure && symbol !== undefined && trace.test(name) && !ALLOCATORS.test(symbol),
  );
  return owner?.symbol === undefined ? undefined : functionName(owner.symbol);
}
