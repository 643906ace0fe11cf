import type { LockType } from "./autopsy.js";

/**
 * The functions by which Linux 6.1 takes a lock, under the names by which a module calls them:
 * include/linux/spinlock.h, rwlock.h, mutex.h, rwsem.h and semaphore.h turn `spin_lock()` and its
 * kin into them. Those of lock debugging (`_nested`) are among them: which ones a kernel has is
 * its configuration's choice.
 */
export interface LockFunction {
  readonly name: string;
  readonly type: LockType;
  /** Which argument is the lock, from 0. */
  readonly argument: number;
  /** What it returns when it has the lock; `void` functions come back with it in any case. */
  readonly takenWhen: "returned" | "zero" | "nonzero";
}

type Row = readonly [takenWhen: LockFunction["takenWhen"], argument: number, names: string];

const ROWS: Readonly<Partial<Record<LockType, readonly Row[]>>> = {
  spinlock_t: [
    [
      "returned",
      0,
      `_raw_spin_lock _raw_spin_lock_irq _raw_spin_lock_irqsave _raw_spin_lock_bh
       _raw_spin_lock_nested _raw_spin_lock_irqsave_nested _raw_spin_lock_nest_lock`,
    ],
    ["nonzero", 0, "_raw_spin_trylock _raw_spin_trylock_bh"],
    // lib/dec_and_lock.c: takes the lock when the count has become zero.
    ["nonzero", 1, "_atomic_dec_and_lock _atomic_dec_and_lock_irqsave"],
    ["nonzero", 1, "refcount_dec_and_lock refcount_dec_and_lock_irqsave"],
  ],
  rwlock_t: [
    [
      "returned",
      0,
      `_raw_read_lock _raw_read_lock_irq _raw_read_lock_irqsave _raw_read_lock_bh
       _raw_write_lock _raw_write_lock_irq _raw_write_lock_irqsave _raw_write_lock_bh
       _raw_write_lock_nested`,
    ],
    ["nonzero", 0, "_raw_read_trylock _raw_write_trylock"],
  ],
  "struct mutex": [
    [
      "returned",
      0,
      "mutex_lock mutex_lock_io mutex_lock_nested mutex_lock_io_nested _mutex_lock_nest_lock",
    ],
    [
      "zero",
      0,
      `mutex_lock_interruptible mutex_lock_killable mutex_lock_interruptible_nested
       mutex_lock_killable_nested ww_mutex_lock ww_mutex_lock_interruptible`,
    ],
    ["nonzero", 0, "mutex_trylock ww_mutex_trylock"],
    ["nonzero", 1, "atomic_dec_and_mutex_lock refcount_dec_and_mutex_lock"],
  ],
  "struct rw_semaphore": [
    ["returned", 0, "down_read down_read_nested down_read_non_owner"],
    ["returned", 0, "down_write down_write_nested _down_write_nest_lock"],
    [
      "zero",
      0,
      `down_read_interruptible down_read_killable down_read_killable_nested
       down_write_killable down_write_killable_nested`,
    ],
    ["nonzero", 0, "down_read_trylock down_write_trylock"],
  ],
  "struct semaphore": [
    ["returned", 0, "down"],
    ["zero", 0, "down_interruptible down_killable down_trylock down_timeout"],
  ],
  "struct rt_mutex": [
    ["returned", 0, "rt_mutex_lock rt_mutex_lock_nested"],
    ["zero", 0, "rt_mutex_lock_interruptible rt_mutex_lock_killable"],
    ["nonzero", 0, "rt_mutex_trylock"],
  ],
};

const BY_NAME: ReadonlyMap<string, LockFunction> = new Map(
  Object.entries(ROWS).flatMap(([type, rows]) =>
    rows.flatMap(([takenWhen, argument, names]) =>
      names
        .split(/\s+/)
        .map((name) => [name, { name, type: type as LockType, argument, takenWhen }] as const),
    ),
  ),
);

export function lockFunction(name: string): LockFunction | undefined {
  return BY_NAME.get(name);
}

/** Where the processor waits for a lock without sleeping: kernel/locking/qspinlock.c, qrwlock.c. */
const SLOW_PATHS: Readonly<Record<string, LockType>> = {
  native_queued_spin_lock_slowpath: "spinlock_t",
  queued_spin_lock_slowpath: "spinlock_t",
  queued_read_lock_slowpath: "rwlock_t",
  queued_write_lock_slowpath: "rwlock_t",
};

/** The type of lock that a function only spins for; undefined for other functions. */
export function spinsFor(name: string): LockType | undefined {
  return Object.hasOwn(SLOW_PATHS, name) ? SLOW_PATHS[name] : undefined;
}
