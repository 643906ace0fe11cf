import type { GuestTask } from "./task.js";

/** A task by its address, and the task itself if there is a readable one. */
export interface TaskReference {
  readonly address: bigint;
  readonly task: GuestTask | undefined;
}

/** Tasks that wait in a lock's own list, the first in line first. */
export interface Waiters {
  readonly waiters: readonly TaskReference[];
  /** What of the list could not be read and why. */
  readonly missing: readonly string[];
}

/** What the memory of a lock says. */
export type LockWord =
  /** `spinlock_t`, `raw_spinlock_t` and what is in them; asm-generic/qspinlock_types.h. */
  | {
      readonly kind: "spinlock";
      readonly value: number;
      readonly locked: boolean;
      /** One waiter spins on the word itself, … */
      readonly pending: boolean;
      /** … and the last of those that queue behind it is this processor. */
      readonly tailCpu: number | undefined;
    }
  /** `rwlock_t`; asm-generic/qrwlock_types.h. */
  | {
      readonly kind: "rwlock";
      readonly value: number;
      readonly writeLocked: boolean;
      readonly writerWaiting: boolean;
      readonly readers: number;
    }
  | ({
      readonly kind: "mutex";
      readonly locked: boolean;
      readonly owner: TaskReference | undefined;
      /** MUTEX_FLAG_WAITERS, _HANDOFF and _PICKUP, kernel/locking/mutex.h. */
      readonly flags: number;
    } & Waiters)
  | ({
      readonly kind: "rw_semaphore";
      readonly writeLocked: boolean;
      readonly readers: number;
      /** The writer, or the reader that took it last and need not hold it any more. */
      readonly owner: TaskReference | undefined;
      readonly ownedByReaders: boolean;
    } & Waiters)
  /** How many may still take it. */
  | ({ readonly kind: "semaphore"; readonly count: number } & Waiters)
  /** How many may still pass; `done` of UINT_MAX / 2 and more lets all pass for ever. */
  | ({ readonly kind: "completion"; readonly done: number } & Waiters);

/** The names of types, as in C, that {@link LockWord}s are read from. */
export type LockTypeName =
  | "spinlock"
  | "raw_spinlock"
  | "qspinlock"
  | "qrwlock"
  | "rwlock_t"
  | "spinlock_t"
  | "raw_spinlock_t"
  | "arch_spinlock_t"
  | "arch_rwlock_t"
  | "mutex"
  | "rw_semaphore"
  | "semaphore"
  | "completion";
