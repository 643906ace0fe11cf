import {
  type Btf,
  type GuestTask,
  hasReturn,
  type StackTrace,
  type StoppedKernel,
  type StoppedKernelParts,
  type SymbolTable,
} from "../../guest/index.js";
import { type Machine, MachineError } from "../../machine/machine.js";
import type { ModuleFile } from "../module-files.js";
import type { Doom } from "../outcome.js";
import type { AutopsyContext, AutopsyTask, Lock, LockType } from "./autopsy.js";
import type { DataSymbols } from "./data-symbols.js";
import { type HolderContext, type HolderEvidence, holderEvidence } from "./holder-evidence.js";
import { machineBeforeInterrupt } from "./interrupted-machine.js";
import { type AttemptingTask, asTask, isUnderWay, type LockAttempt } from "./lock-attempt.js";
import { lockFunction, spinsFor } from "./lock-functions.js";
import type { LockLog } from "./lock-log.js";
import { lockAt } from "./lock-name.js";
import { type Loop, loopOf } from "./loop.js";
import { loadedFile } from "./module-build.js";
import { machineAt } from "./moment.js";
import {
  contextOf,
  innermost,
  type NamedAddress,
  type NamedFrame,
  type NamedStack,
  Namer,
  nameOf,
} from "./named-stack.js";
import { sleepingWaiter } from "./sleeping-waiter.js";
import { spunFor } from "./spun-for.js";
import { walkLoop } from "./walk-loop.js";

export interface CaptureParts {
  readonly machine: Machine;
  readonly kernel: StoppedKernel;
  readonly types: Btf;
  readonly symbols: SymbolTable;
  /** The kernel's own variables. */
  data(): DataSymbols;
  /** The files that may be a module's, the likeliest first. */
  moduleFiles(name: string): readonly ModuleFile[];
}

/** Why a guest is examined, and what was seen of it before. */
export interface Occasion {
  readonly doom: Doom | undefined;
  /** Undefined when locks are not followed. */
  readonly log: LockLog | undefined;
  /** Stacks of the processor while it made no progress, the oldest first. */
  readonly samples: readonly StackTrace[];
  /** Since when tasks have been seen asleep, guest milliseconds, by their `task_struct`. */
  readonly asleepSince: ReadonlyMap<bigint, number>;
}

/** Somebody who waits for a lock, or for a completion. */
export interface CapturedWait {
  readonly lock: Lock | undefined;
  /** Where that is called; undefined where no frame tells. */
  readonly waiting: NamedAddress | undefined;
  /** Undefined for what nobody holds, such as a completion. */
  readonly holder: CapturedHolder | undefined;
}

export interface CapturedHolder {
  readonly evidence: HolderEvidence;
  /** The call that took it, and the stack then. */
  readonly acquired: NamedAddress | undefined;
  readonly stack: NamedStack | undefined;
  readonly context: AutopsyContext;
  /** The function that took it is still on the stack of the task. */
  readonly isInside: boolean;
  readonly hasEnded: boolean;
  /** What the command of that task is now. */
  readonly commandNow: string | undefined;
}

export interface CapturedSleeper {
  readonly task: AutopsyTask;
  readonly stack: NamedStack;
  readonly wait: CapturedWait;
  readonly sinceMs: number | undefined;
}

/** All that an autopsy needs of a guest's memory, read in one go. */
export interface Capture {
  readonly guestMs: number;
  readonly interruptsEnabled: boolean;
  readonly isHalted: boolean;
  readonly doom: Doom | undefined;
  readonly task: AutopsyTask | undefined;
  readonly stack: NamedStack;
  /** It waits for a lock without sleeping: where in the stack, and for which. */
  readonly spinning: { readonly index: number; readonly wait: CapturedWait } | undefined;
  readonly loop: Loop | undefined;
  readonly sleepers: readonly CapturedSleeper[];
  /** The files that the modules in question were made of, as far as they are at hand. */
  readonly files: ReadonlyMap<string, ModuleFile>;
  /** What could not be read, a sentence each. */
  readonly missing: readonly string[];
}

/** EFLAGS.IF. */
export const FLAGS_INTERRUPT = 1n << 9n;
/** More sleeping tasks than anyone reads. */
const MOST_SLEEPERS = 32;

export function capture(parts: CaptureParts, occasion: Occasion): Capture {
  return new Capturing(parts, occasion).capture();
}

class Capturing {
  readonly #parts: CaptureParts;
  readonly #occasion: Occasion;
  readonly #namer: Namer;
  readonly #missing: string[] = [];
  readonly #current: GuestTask | undefined;
  readonly #machine: StoppedKernelParts["machine"];
  readonly #trace: StackTrace;
  readonly #tasks: readonly GuestTask[];
  readonly #traces = new Map<GuestTask, StackTrace>();
  readonly #holders: HolderContext;

  constructor(parts: CaptureParts, occasion: Occasion) {
    const { kernel } = parts;
    this.#parts = parts;
    this.#occasion = occasion;
    this.#namer = new Namer(kernel);
    this.#current = this.#attempt(() => kernel.currentTask());
    // An interrupt may just have come in: what matters is what it interrupted.
    this.#machine = machineBeforeInterrupt(parts.machine, kernel);
    this.#trace = kernel.on(this.#machine).stack();
    const { items, missing } = kernel.tasks();
    this.#tasks = items;
    this.#missing.push(...missing);
    this.#holders = {
      log: occasion.log,
      stackOf: (task) => this.#stackOf(task),
      readLock: (address, type) => this.#attempt(() => kernel.lock(address, type)),
    };
  }

  capture(): Capture {
    const { doom, samples } = this.#occasion;
    const sample = this.#parts.machine.sample();
    const stack = this.#namer.stack(this.#trace);
    const isStuck = doom?.outcome === "frozen" || samples.length > 0;
    const spinning = isStuck ? this.#spinning(stack) : undefined;
    const captured = {
      guestMs: sample.guestMs,
      interruptsEnabled: (this.#machine.registers().flags & FLAGS_INTERRUPT) !== 0n,
      isHalted: sample.halted,
      doom,
      task: this.#current && autopsyTask(asTask(this.#current), stack.systemCall),
      stack,
      spinning,
      sleepers: this.#sleepers(),
      missing: this.#missing,
    };
    const loop = isStuck && spinning === undefined ? this.#loop(stack) : undefined;
    // Last, when all places have been named.
    return { ...captured, loop, files: this.#files() };
  }

  /** What it goes round in. The processor may be a little further after it. */
  #loop(stack: NamedStack): Loop | undefined {
    const { machine } = this.#parts;
    const { doom, samples } = this.#occasion;
    const seen = [...samples.map((trace) => this.#namer.stack(trace)), stack].filter(isWhole);
    const loop = loopOf(seen);
    // What will not come out of it by itself is taken round by hand.
    if (loop === undefined || doom?.outcome !== "frozen" || machine.sample().halted) return loop;
    const wasRunning = machine.running;
    machine.pause();
    try {
      return walkLoop(loop, machine, (address) => this.#namer.address(address));
    } catch (error) {
      if (error instanceof MachineError && error.code === "unsupported-step") return loop;
      throw error;
    } finally {
      if (wasRunning) machine.run();
    }
  }

  #files(): ReadonlyMap<string, ModuleFile> {
    const { kernel, moduleFiles } = this.#parts;
    return new Map(
      [...this.#namer.named].flatMap((module) => {
        const file = loadedFile(moduleFiles(module.name), module, kernel);
        return file === undefined ? [] : [[module.name, file] as const];
      }),
    );
  }

  #attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#missing.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #spinning(stack: NamedStack): Capture["spinning"] {
    const index = stack.frames.findIndex((frame) => spinsFor(nameOf(frame) ?? "") !== undefined);
    const found = stack.frames[index];
    const type = found && spinsFor(nameOf(found) ?? "");
    if (found === undefined || type === undefined) return undefined;
    const behind = stack.frames.slice(index);
    const address = this.#underWay(behind)?.lock ?? this.#inRegisters(found, type);
    const lock = address === undefined ? undefined : this.#lockAt(address, type);
    return {
      index,
      wait: { lock, waiting: innermost(behind, isOfLocking), holder: lock && this.#holder(lock) },
    };
  }

  /** The lock in the registers of code that spins, the processor's or those saved of it. */
  #inRegisters({ frame }: NamedFrame, type: LockType): bigint | undefined {
    const saved = frame.interruptedBy?.registers.members;
    const registers = Object.values(saved ?? this.#machine.registers().general);
    return spunFor(registers, type, (address, name) => {
      try {
        return this.#parts.kernel.lock(address, name);
      } catch {
        return undefined; // No address, as most of what is in registers.
      }
    });
  }

  /** The innermost attempt of the log that is still on a stack. */
  #underWay(frames: readonly NamedFrame[]): LockAttempt | undefined {
    const stack = frames.map(({ frame }) => frame);
    let innermost: LockAttempt | undefined;
    for (const attempt of this.#occasion.log?.allAttempts() ?? []) {
      if (!isUnderWay(attempt, stack)) continue;
      // Of calls through the same place on the stack the last one is meant.
      if (innermost === undefined || attempt.returnSlot <= innermost.returnSlot) {
        innermost = attempt;
      }
    }
    return innermost;
  }

  #lockAt(address: bigint, type: LockType): Lock {
    return lockAt(address, type, this.#namer.modules, this.#parts.data);
  }

  #holder(lock: Lock): CapturedHolder {
    const evidence = holderEvidence(lock, this.#holders);
    const attempt = evidence.kind === "known" ? evidence.attempt : undefined;
    const then = attempt && this.#attempt(() => this.#stackAt(attempt));
    const stack = then && this.#namer.stack(then);
    const now = evidence.kind === "known" ? this.#stackOf(evidence.task) : undefined;
    return {
      evidence,
      acquired: attempt && this.#namer.address(attempt.site),
      stack,
      context: stack === undefined ? "task" : contextOf(stack.frames, 0),
      isInside:
        attempt !== undefined &&
        then !== undefined &&
        now !== undefined &&
        isStillInside(then, now) &&
        !this.#isRepeated(attempt),
      hasEnded: evidence.kind === "known" && now === undefined,
      commandNow:
        evidence.kind === "known"
          ? this.#tasks.find(({ address, pid }) => isSame(evidence.task, address, pid))?.comm
          : undefined,
    };
  }

  /**
   * The same call was made through the same place on the stack once more: the function may have
   * returned in between, and have been called anew.
   */
  #isRepeated({ site, returnSlot, sequence }: LockAttempt): boolean {
    return (this.#occasion.log?.allAttempts() ?? []).some(
      (other) =>
        other.site === site && other.returnSlot === returnSlot && other.sequence > sequence,
    );
  }

  /** The stack as it was when somebody was about to take a lock. */
  #stackAt({ moment }: LockAttempt): StackTrace {
    const { kernel, machine } = this.#parts;
    return kernel.on(machineAt(machine, moment)).stack();
  }

  /** Of a task that still is what it was when it was noted. */
  #stackOf(noted: AttemptingTask): StackTrace | undefined {
    const current = this.#current;
    if (current !== undefined && isSame(noted, current.address, current.pid)) return this.#trace;
    const task = this.#tasks.find((one) => isSame(noted, one.address, one.pid));
    if (task === undefined) return undefined;
    const known = this.#traces.get(task);
    if (known !== undefined) return known;
    const trace = this.#attempt(() => this.#parts.kernel.stack(task));
    if (trace !== undefined) this.#traces.set(task, trace);
    return trace;
  }

  #sleepers(): CapturedSleeper[] {
    return this.#tasks
      .filter(({ state }) => state === "D")
      .slice(0, MOST_SLEEPERS)
      .flatMap((task) => {
        const known = asTask(task);
        const trace = this.#stackOf(known);
        if (trace === undefined) return [];
        const stack = this.#namer.stack(trace);
        if (task.kernelThread && !isInModule(stack)) return [];
        return {
          task: autopsyTask(known, stack.systemCall),
          stack,
          wait: this.#wait(task, trace, stack),
          sinceMs: this.#occasion.asleepSince.get(task.address),
        };
      });
  }

  #wait(task: GuestTask, trace: StackTrace, { frames }: NamedStack): CapturedWait {
    const waiting = innermost(frames, isOfLocking);
    const functions = frames.flatMap((frame) => nameOf(frame) ?? []);
    const found = sleepingWaiter(task, functions, trace.frames[0]?.foundAt, this.#parts);
    const lock = found && this.#lockAt(found.address, found.type);
    const isHeld = lock !== undefined && !HELD_BY_NOBODY.has(lock.type);
    return { lock, waiting, holder: isHeld ? this.#holder(lock) : undefined };
  }
}

/** Whether a `task_struct` is still that of the task that was noted. */
function isSame(noted: AttemptingTask, address: bigint, pid: number): boolean {
  return noted.address === address && noted.pid === pid;
}

/** Threads of the kernel that sleep elsewhere do their own business, such as waiting for RCU. */
function isInModule({ frames }: NamedStack): boolean {
  return frames.some(({ at }) => at.place?.module !== undefined);
}

const isWhole = (stack: NamedStack): boolean => stack.isWhole;

const HELD_BY_NOBODY: ReadonlySet<LockType> = new Set(["struct completion", "wait_queue_head_t"]);

function isOfLocking(name: string): boolean {
  return (
    spinsFor(name) !== undefined ||
    lockFunction(name) !== undefined ||
    /^(?:__switch_to|__schedule|schedule|__mutex_|rwsem_down_|__down|do_wait_for|wait_for_|io_schedule)/.test(
      name,
    )
  );
}

/** Whether the function that was running then has not returned since. */
function isStillInside(then: StackTrace, now: StackTrace): boolean {
  // The innermost frame is the function itself; the next is where it returns to.
  const returnsTo = then.frames[1];
  return (
    returnsTo?.foundAt !== undefined &&
    hasReturn(now.frames, returnsTo.foundAt, returnsTo.instructionPointer)
  );
}

export function autopsyTask(task: AttemptingTask, systemCall: string | undefined): AutopsyTask {
  const { pid, processId, command, isKernelThread } = task;
  return { pid, processId, command, isKernelThread, systemCall };
}
