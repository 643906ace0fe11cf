import type { DecodedFrame, SourceExcerpt } from "../../reports/index.js";

/**
 * What a stopped guest shows when it is opened up from outside, with no help of its own. All of
 * it is plain data: it can be cloned into another thread, and `autopsyJson` makes JSON of it.
 */

/** A place on a kernel stack, in the source. */
export interface AutopsyFrame extends DecodedFrame {
  /** The lines around the place; only for sources of modules that are at hand. */
  readonly excerpt: SourceExcerpt | undefined;
}

/** A line of source that an autopsy speaks of. */
export interface AutopsyPlace {
  /** The function whose source line it is, which may be inlined into another. */
  readonly function: string;
  /** The module that it belongs to; undefined for the kernel itself. */
  readonly module: string | undefined;
  /** As the debug information names it; undefined where it does not say. */
  readonly file: string | undefined;
  /** From 1; undefined where it is not known. */
  readonly line: number | undefined;
  /** The lines around it. */
  readonly excerpt: SourceExcerpt | undefined;
}

export interface AutopsyTask {
  readonly pid: number;
  /** Of its process: that of the thread which leads it. */
  readonly processId: number;
  /** As `ps` shows it: at most 15 bytes of the program's name (`task_struct.comm`). */
  readonly command: string;
  /** A thread of the kernel itself, which runs no program. */
  readonly isKernelThread: boolean;
  /** What it has asked of the kernel, such as `read`; undefined where it asked for nothing. */
  readonly systemCall: string | undefined;
}

/** What code runs on behalf of: an interrupt has no task of its own. */
export type AutopsyContext =
  | "task"
  /** A timer, a tasklet, the network: what is done when an interrupt returns. */
  | "softirq"
  | "interrupt"
  | "nmi";

/** What tasks wait for and hold, by its C type. */
export type LockType =
  | "spinlock_t"
  | "rwlock_t"
  | "struct mutex"
  | "struct rw_semaphore"
  | "struct semaphore"
  | "struct rt_mutex"
  | "struct completion"
  | "wait_queue_head_t";

export interface Lock {
  readonly address: bigint;
  readonly type: LockType;
  /**
   * The variable that it is or lies in, `hello_lock` or `device+0x10`; undefined for one inside
   * an object that was allocated.
   */
  readonly name: string | undefined;
  /** The module of the variable; undefined for the kernel's own, and where there is no name. */
  readonly module: string | undefined;
}

/** What the processor was found doing. */
export type Finding =
  /** It waits for a lock without sleeping, and nobody can run who would release it. */
  | {
      readonly kind: "spinning-on-lock";
      readonly lock: Lock | undefined;
      /** The call that waits, in the module's own source where it leads there. */
      readonly waiting: AutopsyPlace | undefined;
    }
  /** It goes round in one function, and does not come out. */
  | {
      readonly kind: "looping";
      /** The function that goes round: the innermost one that was never left. */
      readonly loop: AutopsyPlace | undefined;
      /** The lines of its source that were passed, in order; without those that it only calls. */
      readonly lines: readonly number[];
      /** Functions that it calls on its way round. */
      readonly calls: readonly string[];
    }
  /** HLT with interrupts off: nothing wakes it. */
  | { readonly kind: "halted-with-interrupts-off"; readonly halted: AutopsyPlace | undefined }
  | {
      readonly kind: "panicked";
      /** Behind `Kernel panic - not syncing: `. */
      readonly message: string;
      readonly panicked: AutopsyPlace | undefined;
    }
  /** The processor is free, but tasks sleep for what does not come: see {@link Autopsy.blocked}. */
  | {
      readonly kind: "blocked";
      /** Tasks that wait for each other in a circle, each for the next; empty if there is none. */
      readonly cycle: readonly AutopsyTask[];
    }
  /** Nothing that would be found to be wrong. */
  | { readonly kind: "running" };

/** What a sleeping task waits for. */
export type WaitingFor =
  | { readonly kind: "lock"; readonly lock: Lock; readonly holder: LockHolder | undefined }
  | { readonly kind: "completion"; readonly lock: Lock }
  | { readonly kind: "wait-queue"; readonly lock: Lock }
  | { readonly kind: "unknown" };

/** A task asleep that no signal wakes: state D. */
export interface BlockedTask {
  readonly task: AutopsyTask;
  readonly waitingFor: WaitingFor;
  /** The call that waits, in the module's own source where it leads there. */
  readonly waiting: AutopsyPlace | undefined;
  /** Guest time since it fell asleep, milliseconds; undefined where that is not known. */
  readonly sinceMs: number | undefined;
  /** From the scheduler to the system call. */
  readonly frames: readonly AutopsyFrame[];
  readonly sentence: string;
}

/** Who has a lock, and where it was taken. */
export type LockHolder =
  | {
      readonly kind: "known";
      readonly lock: Lock;
      /** Who ran when it was taken. */
      readonly task: AutopsyTask;
      readonly context: AutopsyContext;
      /** The one who waits is the one who has it. */
      readonly isWaiter: boolean;
      /** Where it was taken; undefined where only the holder is known. */
      readonly acquired: AutopsyPlace | undefined;
      /** The stack when it was taken; empty where that was not seen. */
      readonly frames: readonly AutopsyFrame[];
      /** Guest time when it was taken, milliseconds since power-on. */
      readonly guestMs: number | undefined;
      /** The call that waits for it. */
      readonly waiting: AutopsyPlace | undefined;
      readonly sentence: string;
      readonly evidence: readonly string[];
    }
  | {
      readonly kind: "unknown";
      readonly lock: Lock | undefined;
      /** "It cannot be told who holds it: …", a sentence. */
      readonly reason: string;
    };

export interface Autopsy {
  readonly finding: Finding;
  /** Guest time, milliseconds since power-on. */
  readonly guestMs: number;
  /** EFLAGS.IF. */
  readonly interruptsEnabled: boolean;
  readonly context: AutopsyContext;
  /** Who the processor worked for, or whom it interrupted; undefined where it cannot be read. */
  readonly task: AutopsyTask | undefined;
  /** From the instruction to the system call. */
  readonly frames: readonly AutopsyFrame[];
  /** Tasks asleep in state D. */
  readonly blocked: readonly BlockedTask[];
  /** Of the lock that the processor spins on; undefined where it spins on none, or not yet known. */
  readonly holder: LockHolder | undefined;
  /** What is wrong, in one sentence of plain language. */
  readonly sentence: string;
  /** What it was concluded from, and what could not be read. */
  readonly evidence: readonly string[];
}
