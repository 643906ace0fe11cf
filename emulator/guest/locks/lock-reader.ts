import { GuestError } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { LockTypeName, LockWord, TaskReference } from "../lock-word.js";
import { readWaiters, taskReference } from "./waiters.js";

type LockReader = (view: KernelView, address: bigint) => LockWord;

/** Where in a type the word is that says all. */
const QUEUED_SPINLOCKS: Readonly<Record<string, string>> = {
  qspinlock: "val.counter",
  arch_spinlock_t: "val.counter",
  raw_spinlock: "raw_lock.val.counter",
  raw_spinlock_t: "raw_lock.val.counter",
  spinlock: "rlock.raw_lock.val.counter",
  spinlock_t: "rlock.raw_lock.val.counter",
};
const QUEUED_RWLOCKS: Readonly<Record<string, string>> = {
  qrwlock: "cnts.counter",
  arch_rwlock_t: "cnts.counter",
  rwlock_t: "raw_lock.cnts.counter",
};
const SLEEPING_LOCKS: Readonly<Record<string, LockReader>> = {
  mutex: readMutex,
  rw_semaphore: readRwSemaphore,
  semaphore: readSemaphore,
  completion: readCompletion,
};

/** @throws GuestError `unsupported` for a type that is no lock, or one of another kind. */
export function readLock(view: KernelView, address: bigint, type: LockTypeName): LockWord {
  const spinlock = QUEUED_SPINLOCKS[type];
  if (spinlock !== undefined) return readSpinlock(word(view, address, type, spinlock));
  const rwlock = QUEUED_RWLOCKS[type];
  if (rwlock !== undefined) return readRwlock(word(view, address, type, rwlock));
  const sleeping = SLEEPING_LOCKS[type];
  if (sleeping !== undefined) return sleeping(view, address);
  throw new GuestError("unsupported", `${type} is no lock that can be read here.`, address);
}

function word(view: KernelView, address: bigint, type: string, path: string): number {
  const lock = view.structure(type, address);
  if (!lock.has(path)) {
    const why = "is not the queued lock that x86 kernels for several processors have";
    throw new GuestError("unsupported", `In this kernel ${type} ${why}.`, address);
  }
  return lock.number(path);
}

/** asm-generic/qspinlock_types.h, with less than 16384 processors. */
function readSpinlock(value: number): LockWord {
  const tail = value >>> 18;
  return {
    kind: "spinlock",
    value,
    locked: (value & 0xff) !== 0,
    pending: (value & 0xff00) !== 0,
    tailCpu: tail === 0 ? undefined : tail - 1,
  };
}

/** asm-generic/qrwlock.h: _QW_LOCKED, _QW_WAITING, _QR_SHIFT. */
function readRwlock(value: number): LockWord {
  return {
    kind: "rwlock",
    value,
    writeLocked: (value & 0xff) === 0xff,
    writerWaiting: (value & 0x100) !== 0,
    readers: value >>> 9,
  };
}

/** MUTEX_FLAGS, kernel/locking/mutex.h: a task is aligned, so the lowest bits are free. */
const MUTEX_FLAGS = 7n;

function readMutex(view: KernelView, address: bigint): LockWord {
  const mutex = view.structure("mutex", address);
  const owner = mutex.unsigned("owner.counter");
  return {
    kind: "mutex",
    locked: (owner & ~MUTEX_FLAGS) !== 0n,
    owner: ownerAt(view, owner & ~MUTEX_FLAGS),
    flags: Number(owner & MUTEX_FLAGS),
    ...readWaiters(view, mutex.addressOf("wait_list"), "mutex_waiter", "list"),
  };
}

/** kernel/locking/rwsem.c: the lowest bits of `owner`, and what `count` counts in which bits. */
const RWSEM_READER_OWNED = 1n;
const RWSEM_OWNER_FLAGS = 3n;
const RWSEM_WRITER_LOCKED = 1n;
const RWSEM_READER_SHIFT = 8n;

function readRwSemaphore(view: KernelView, address: bigint): LockWord {
  const semaphore = view.structure("rw_semaphore", address);
  const count = semaphore.unsigned("count.counter");
  const owner = semaphore.unsigned("owner.counter");
  // The top bit, RWSEM_FLAG_READFAIL, is no reader.
  const readers = BigInt.asUintN(view.memory.wordBytes * 8 - 1, count) >> RWSEM_READER_SHIFT;
  return {
    kind: "rw_semaphore",
    writeLocked: (count & RWSEM_WRITER_LOCKED) !== 0n,
    readers: Number(readers),
    owner: ownerAt(view, owner & ~RWSEM_OWNER_FLAGS),
    ownedByReaders: (owner & RWSEM_READER_OWNED) !== 0n,
    ...readWaiters(view, semaphore.addressOf("wait_list"), "rwsem_waiter", "list"),
  };
}

function readSemaphore(view: KernelView, address: bigint): LockWord {
  const semaphore = view.structure("semaphore", address);
  return {
    kind: "semaphore",
    count: semaphore.number("count"),
    ...readWaiters(view, semaphore.addressOf("wait_list"), "semaphore_waiter", "list"),
  };
}

function readCompletion(view: KernelView, address: bigint): LockWord {
  const completion = view.structure("completion", address);
  return {
    kind: "completion",
    done: completion.number("done"),
    ...readWaiters(view, completion.addressOf("wait.task_list"), "swait_queue", "task_list"),
  };
}

function ownerAt(view: KernelView, address: bigint): TaskReference | undefined {
  return address === 0n ? undefined : taskReference(view, address);
}
