import type { LabReport } from "../../emulator/lab/index.js";

/** A report of the kernel's, as the page has it. */
export interface ShownReport {
  /** Of this report alone; it grows. */
  readonly id: number;
  readonly decoded: LabReport;
  /** The machine went back to a snapshot since: what runs now has not reported it. */
  readonly isPast: boolean;
}

/** A report holds its trace, listings and source; more of the past than that nobody reads. */
const MOST_PAST = 20;

/** The machine went back: its reports are still to be read, and are of the past. */
export function leaveBehind(shown: readonly ShownReport[]): readonly ShownReport[] {
  return shown.slice(-MOST_PAST).map((report) => ({ ...report, isPast: true }));
}

/** All that are in the past, or one of them. */
export function dismissPast(shown: readonly ShownReport[], id?: number): readonly ShownReport[] {
  return shown.filter((report) => !report.isPast || (id !== undefined && report.id !== id));
}
