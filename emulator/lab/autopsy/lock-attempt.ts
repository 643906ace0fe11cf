import { type GuestTask, hasReturn, type StackFrame } from "../../guest/index.js";
import type { Moment } from "./moment.js";

/** Somebody was about to take a lock. */
export interface LockAttempt {
  readonly lock: bigint;
  /** The function that takes it, by its symbol. */
  readonly callee: string;
  /** The module whose code it was, … */
  readonly module: string;
  /** … and the instruction that calls. */
  readonly site: bigint;
  /** Where on the stack the return address of the call stands while it lasts, … */
  readonly returnSlot: bigint;
  /** … and what it is. */
  readonly returnTo: bigint;
  readonly task: AttemptingTask;
  /** Counts up from attempt to attempt: guest time may stand still between two. */
  readonly sequence: number;
  /** Guest time, milliseconds since power-on. */
  readonly guestMs: number;
  readonly moment: Moment;
  /**
   * `certain`: once the call has come back it has the lock. `undecided`: it may come back without
   * it, and has not yet. `unknown`: it may have, and that was not seen.
   */
  outcome: "certain" | "undecided" | "unknown";
}

export interface AttemptingTask {
  /** Of its `task_struct`. */
  readonly address: bigint;
  readonly pid: number;
  readonly processId: number;
  readonly command: string;
  readonly isKernelThread: boolean;
}

export function asTask(task: GuestTask): AttemptingTask {
  return {
    address: task.address,
    pid: task.pid,
    processId: task.tgid,
    command: task.comm,
    isKernelThread: task.kernelThread,
  };
}

/** Whether an attempt is still under way on a stack: it waits, and has not got the lock. */
export function isUnderWay(
  { returnSlot, returnTo }: LockAttempt,
  frames: readonly StackFrame[],
): boolean {
  return hasReturn(frames, returnSlot, returnTo);
}

/**
 * Those of attempts that can be under way: a later call through the same place on a stack says
 * that the earlier one has come back.
 * @param attempts the oldest first.
 */
export function lastThroughEachSlot(attempts: readonly LockAttempt[]): ReadonlySet<LockAttempt> {
  const last = new Map(attempts.map((attempt) => [attempt.returnSlot, attempt]));
  return new Set(last.values());
}

/** Attempts at one lock by one task that are kept: its own, and those of interrupts in it. */
const KEPT_OF_A_TASK = 4;
const KEPT_OF_A_LOCK = 32;
const KEPT_LOCKS = 256;

/** The last attempts at each lock, in order. */
export class LockAttempts {
  readonly #byLock = new Map<bigint, LockAttempt[]>();
  /** Those of which it is awaited how they end, by {@link LockAttempt.returnSlot}. */
  readonly #undecided = new Map<bigint, LockAttempt>();

  add(attempt: LockAttempt): void {
    if (attempt.outcome === "undecided") this.#undecided.set(attempt.returnSlot, attempt);
    const known = this.#byLock.get(attempt.lock) ?? [];
    const own = known.filter(({ task }) => task.pid === attempt.task.pid);
    const oldestOwn = own.length >= KEPT_OF_A_TASK ? own[0] : undefined;
    const kept = oldestOwn === undefined ? known : known.filter((other) => other !== oldestOwn);
    // Set anew, so that the locks stand in the order of their last use.
    this.#byLock.delete(attempt.lock);
    this.#byLock.set(attempt.lock, [...kept, attempt].slice(-KEPT_OF_A_LOCK));
    const [stalest] = this.#byLock.keys();
    if (this.#byLock.size > KEPT_LOCKS && stalest !== undefined) this.#byLock.delete(stalest);
  }

  /** It came back with the lock. */
  succeeded(attempt: LockAttempt): void {
    attempt.outcome = "certain";
    this.#undecided.delete(attempt.returnSlot);
  }

  /** It came back without. */
  failed(attempt: LockAttempt): void {
    this.#undecided.delete(attempt.returnSlot);
    const others = this.of(attempt.lock).filter((other) => other !== attempt);
    if (others.length > 0) this.#byLock.set(attempt.lock, others);
    else this.#byLock.delete(attempt.lock);
  }

  /** The oldest first. */
  of(lock: bigint): readonly LockAttempt[] {
    return this.#byLock.get(lock) ?? [];
  }

  /** The attempt that will come back through a place on the stack, and may have failed. */
  undecidedAt(returnSlot: bigint): LockAttempt | undefined {
    return this.#undecided.get(returnSlot);
  }

  /** Returns to that address are not seen any more. */
  abandon(returnTo: bigint | undefined): void {
    for (const [slot, attempt] of this.#undecided) {
      if (attempt.returnTo !== returnTo) continue;
      attempt.outcome = "unknown";
      this.#undecided.delete(slot);
    }
  }

  /** The memory of the locks between two addresses is given back, and may become something else. */
  forget(start: bigint, end: bigint): void {
    for (const lock of this.#byLock.keys()) {
      if (start <= lock && lock < end) this.#byLock.delete(lock);
    }
  }

  /** The oldest first. */
  all(): LockAttempt[] {
    return [...this.#byLock.values()].flat().sort((a, b) => a.sequence - b.sequence);
  }
}
