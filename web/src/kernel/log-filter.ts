import type { KernelLogLevel, KernelRecord } from "../../../emulator/console/kernel-log.js";

/** Which messages of the kernel's log are shown. */
export interface LogFilter {
  /** Found anywhere in a message, upper case or lower case. */
  readonly text: string;
  /** Messages of this level and of all that are worse, which have lower numbers. */
  readonly level: KernelLogLevel;
}

export const EVERYTHING: LogFilter = { text: "", level: 7 };

/** The messages that a filter lets pass; the same array when it lets pass all. */
export function filterLog(
  records: readonly KernelRecord[],
  { text, level }: LogFilter,
): readonly KernelRecord[] {
  const wanted = text.trim();
  if (wanted === "" && level === EVERYTHING.level) return records;
  // Makes no lower-case copy of each of thousands of messages.
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i");
  return records.filter((record) => record.level <= level && pattern.test(record.text));
}
