/**
 * What a task does, by the letter that /proc shows (task_state_array, fs/proc/array.c): running,
 * sleeping, disk sleep (not even a signal wakes it), stopped, traced, dead, zombie, parked, idle.
 */
export type TaskStateLetter = "R" | "S" | "D" | "T" | "t" | "X" | "Z" | "P" | "I";

/** Linear addresses; `end` is exclusive. A stack grows down from its end. */
export interface StackBounds {
  readonly start: bigint;
  readonly end: bigint;
}

/** A thread of a program or of the kernel, as its `struct task_struct` had it. */
export interface GuestTask {
  /** Of its `task_struct`. */
  readonly address: bigint;
  /** What the kernel calls pid: the thread's. 0 for the idle task of each processor. */
  readonly pid: number;
  /** The process's pid, as programs see it. */
  readonly tgid: number;
  /** At most 15 bytes of the program's or thread's name. */
  readonly comm: string;
  readonly state: TaskStateLetter;
  /** `__state` and `exit_state`, or'ed: include/linux/sched.h. */
  readonly stateWord: number;
  /** `flags`: PF_… of include/linux/sched.h. */
  readonly flags: number;
  readonly kernelThread: boolean;
  /** The processor that it is on, or was on last. */
  readonly cpu: number;
  /** It is the one that its processor executes. */
  readonly onCpu: boolean;
  /** `mm`; none for a kernel thread and for a task that has ended. */
  readonly mm: bigint | undefined;
  readonly stack: StackBounds;
}
