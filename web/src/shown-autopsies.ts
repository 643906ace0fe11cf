import type { Autopsy, LockHolder } from "../../emulator/lab/index.js";

/** What was found in a guest that was opened up, as the page has it. */
export interface ShownAutopsy {
  /** Of this autopsy alone; it grows, together with those of reports. */
  readonly id: number;
  /** With the lock's holder, once that is known. */
  readonly autopsy: Autopsy;
  /** The machine went back to a snapshot since: what runs now is not in this state. */
  readonly isPast: boolean;
}

/**
 * A machine is in one state at a time: what was found before in the same machine makes room. One
 * whose tasks are blocked is looked at again and again, which is the same finding with more in it.
 */
export function withAutopsy(
  shown: readonly ShownAutopsy[],
  autopsy: Autopsy,
  nextId: () => number,
): readonly ShownAutopsy[] {
  const before = shown.find(({ isPast }) => !isPast);
  const isSame = before?.autopsy.finding.kind === "blocked" && autopsy.finding.kind === "blocked";
  const id = before !== undefined && isSame ? before.id : nextId();
  return [...shown.filter(({ isPast }) => isPast), { id, autopsy, isPast: false }];
}

/** The machine as it is now was found to spin on a lock, and this is who has that. */
export function withHolder(
  shown: readonly ShownAutopsy[],
  holder: LockHolder,
): readonly ShownAutopsy[] {
  return shown.map((one) => (one.isPast ? one : { ...one, autopsy: { ...one.autopsy, holder } }));
}
