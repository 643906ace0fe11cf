import { trapFrame } from "../disassembly/index.js";
import type { Report } from "../report.js";

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
