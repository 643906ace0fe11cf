import type { LockAttempt } from "../lock-attempt.js";

/** An attempt at a lock that was certain to be taken, without its task. */
export function attemptOf(
  task: LockAttempt["task"],
  changes: Partial<LockAttempt> & Pick<LockAttempt, "sequence">,
): LockAttempt {
  return {
    lock: 0x100n,
    callee: "mutex_lock",
    module: "m",
    site: 0x1000n,
    returnSlot: 0x8000n,
    returnTo: 0x1005n,
    task,
    guestMs: 0,
    moment: { registers: NO_REGISTERS, stack: [] },
    outcome: "certain",
    ...changes,
  };
}

const NO_REGISTERS: LockAttempt["moment"]["registers"] = {
  general: {},
  instructionPointer: 0n,
  stackPointer: 0n,
  framePointer: 0n,
  flags: 0n,
  segments: {},
  cr0: 0n,
  cr2: 0n,
  cr3: 0n,
  cr4: 0n,
};
