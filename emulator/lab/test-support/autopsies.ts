/** Section 3's freeze, as an autopsy has it. */
import type {
  Autopsy,
  AutopsyFrame,
  AutopsyPlace,
  AutopsyTask,
  BlockedTask,
  Lock,
  LockHolder,
} from "../autopsy/index.js";

const FILE = "/home/student/3-locking/hello.c";

export const LOCK: Lock = {
  address: 0xc7826000n,
  type: "spinlock_t",
  name: "hello_lock",
  module: "hello",
};

/** One who has asked something of the kernel. */
export function task(command: string, pid: number, systemCall: string): AutopsyTask {
  return { command, pid, processId: pid, isKernelThread: false, systemCall };
}

/** A place with two lines of source, of which the second one is its own. */
export function place(name: string, line: number, code: string, file = FILE): AutopsyPlace {
  const excerpt = { file, firstLine: line - 1, markedLine: line, lines: ["", code] };
  return { function: name, module: "hello", file, line, excerpt };
}

export const ACQUIRED = place("hello_write", 80, "\tspin_lock(&hello_lock);");
export const WAITING = place("hello_read", 58, "\tspin_lock(&hello_lock);");

export function frame(symbol: string, module?: string, at?: AutopsyPlace): AutopsyFrame {
  const { file, line, excerpt } = at ?? {};
  return {
    frame: {
      symbol,
      offset: 0x19,
      size: undefined,
      module,
      address: undefined,
      sure: true,
      trace: "call",
      stack: "task",
      role: "return",
      line: 0,
    },
    locations:
      file === undefined || line === undefined ? [] : [{ function: symbol, file, line, column: 2 }],
    excerpt,
  };
}

export const KNOWN_HOLDER: Extract<LockHolder, { kind: "known" }> = {
  kind: "known",
  lock: LOCK,
  task: task("a.out", 41, "write"),
  context: "task",
  isWaiter: true,
  acquired: ACQUIRED,
  frames: [],
  guestMs: 2680,
  waiting: WAITING,
  sentence: "`hello_lock` was acquired in `hello_write()` and never released.",
  evidence: ["`_raw_spin_lock()` was called for it."],
};

/** Its holder is not known yet. */
export function autopsyOfLock(changes: Partial<Autopsy> = {}): Autopsy {
  return {
    finding: { kind: "spinning-on-lock", lock: LOCK, waiting: WAITING },
    guestMs: 3000,
    interruptsEnabled: true,
    context: "task",
    task: task("a.out", 41, "read"),
    frames: [frame("_raw_spin_lock"), frame("hello_read", "hello", WAITING), frame("vfs_read")],
    blocked: [],
    holder: undefined,
    sentence: "`a.out` (pid 41) spins for the spinlock `hello_lock` in `hello_read()`.",
    evidence: ["The processor stood at _raw_spin_lock+0x19."],
    ...changes,
  };
}

const MUTEX_FILE = "/root/mutex_hold.c";
const MUTEX: Lock = { ...LOCK, type: "struct mutex", name: "mutex", module: "mutex_hold" };

/** `cat` sleeps for a mutex that `sh` keeps. */
export function blockedTask(pid = 50): BlockedTask {
  const waiting = place("mutex_hold_read", 31, "\tmutex_lock(&mutex);", MUTEX_FILE);
  return {
    task: task("cat", pid, "read"),
    waitingFor: {
      kind: "lock",
      lock: MUTEX,
      holder: {
        ...KNOWN_HOLDER,
        lock: MUTEX,
        task: task("sh", 49, "openat"),
        isWaiter: false,
        acquired: place("mutex_hold_open", 20, "\tmutex_lock(&mutex);", MUTEX_FILE),
        waiting,
      },
    },
    waiting,
    sinceMs: 4000,
    frames: [frame("schedule"), frame("mutex_hold_read", "mutex_hold")],
    sentence: `\`cat\` (pid ${pid}) sleeps in \`mutex_hold_read()\` for the mutex \`mutex\`.`,
  };
}
