import { KERNEL_LOG_LEVEL_NAMES, type KernelRecord } from "../../../emulator/console/kernel-log.js";
import { visible } from "../../../emulator/reports/text-layout.js";

/** Columns from one tab stop to the next, as on a terminal. */
const TAB_STOP = 8;

/** Since boot, as dmesg shows it: `[    1.234567]`. */
export function formatTime({ seconds }: Pick<KernelRecord, "seconds">): string {
  return `[${seconds.toFixed(6).padStart(12)}]`;
}

export function levelName({ level }: Pick<KernelRecord, "level">): string {
  return KERNEL_LOG_LEVEL_NAMES[level];
}

/** What the message says, in lines, each character one column wide. */
export function messageLines({ text }: Pick<KernelRecord, "text">): string[] {
  return text.split("\n").map((line) => expandTabs(visible(line)));
}

/** Messages as `dmesg` prints them: the lines of one message each have its time in front. */
export function logAsText(records: readonly KernelRecord[]): string {
  return records
    .flatMap((record) =>
      record.text.split("\n").map((line) => `${formatTime(record)} ${visible(line)}\n`),
    )
    .join("");
}

function expandTabs(line: string): string {
  if (!line.includes("\t")) return line;
  let expanded = "";
  for (const character of line) {
    expanded +=
      character === "\t" ? " ".repeat(TAB_STOP - (expanded.length % TAB_STOP)) : character;
  }
  return expanded;
}
