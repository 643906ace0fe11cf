import type { LabReport } from "../../emulator/lab/index.js";

/** A report of the kernel's, as the page has it. */
export interface ShownReport {
  /** Of this report alone; it grows. */
  readonly id: number;
  readonly decoded: LabReport;
  /** The machine went back to a snapshot since: what runs now has not reported it. */
  readonly isPast: boolean;
}

/** What stays when the machine it is about is gone: a report, or an autopsy. */
interface Kept {
  readonly id: number;
  readonly isPast: boolean;
}

/** A report holds its trace, listings and source, some 50 KiB; more of the past nobody reads. */
const MOST_PAST = 8;

/** The machine went back: what it told is still to be read, and is of the past. */
export function leaveBehind<T extends Kept>(shown: readonly T[]): readonly T[] {
  return shown.slice(-MOST_PAST).map((one) => ({ ...one, isPast: true }));
}

/** All that are in the past, or one of them. */
export function dismissPast<T extends Kept>(shown: readonly T[], id?: number): readonly T[] {
  return shown.filter((one) => !one.isPast || (id !== undefined && one.id !== id));
}
