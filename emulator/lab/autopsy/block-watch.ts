import {
  type GuestModule,
  type GuestTask,
  lookUpAddress,
  type StackTrace,
} from "../../guest/index.js";
import type { OpenedKernel } from "./opened-kernel.js";
import { sleepingWaiter } from "./sleeping-waiter.js";

/** Guest time between two looks at the tasks, milliseconds. */
const LOOK_EVERY_MS = 500;
/**
 * Guest time after which a task that sleeps in a module is worth telling: a healthy module waits
 * for its device or for another task for less, and the kernel itself says nothing before 10 s.
 */
const BLOCKED_AFTER_MS = 2000;

interface Sleep {
  /** How often the task had gone to sleep: when that grows, it has been awake. */
  readonly switches: bigint;
  readonly sinceMs: number;
  told: boolean;
}

/**
 * Looks for tasks that no signal wakes and that sleep where a module waits for a lock or a
 * completion. What the kernel itself waits for, such as its disks, is none of its concern.
 */
export class BlockWatch implements Disposable {
  readonly #kernel: OpenedKernel;
  readonly #isWorthLooking: () => boolean;
  readonly #onBlocked: () => void;
  #sleeps = new Map<bigint, Sleep>();
  #timer: Disposable | undefined;

  /**
   * @param isWorthLooking whether there is a module that could wait.
   * @param onBlocked called when tasks are blocked that were not before.
   */
  constructor(kernel: OpenedKernel, isWorthLooking: () => boolean, onBlocked: () => void) {
    this.#kernel = kernel;
    this.#isWorthLooking = isWorthLooking;
    this.#onBlocked = onBlocked;
    this.#wait();
  }

  /** Since when tasks sleep, guest milliseconds, by the address of their `task_struct`. */
  get asleepSince(): ReadonlyMap<bigint, number> {
    return new Map([...this.#sleeps].map(([task, { sinceMs }]) => [task, sinceMs]));
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #wait(): void {
    this.#timer = this.#kernel.machine.afterGuestMs(LOOK_EVERY_MS, () => {
      this.#look();
      this.#wait();
    });
  }

  #look(): void {
    if (!this.#isWorthLooking()) return;
    const { guestMs } = this.#kernel.machine.sample();
    const before = this.#sleeps;
    this.#sleeps = new Map();
    let isNews = false;
    const { kernel } = this.#kernel;
    const asleep = kernel.tasks().items.filter(({ state }) => state === "D");
    const modules = asleep.length === 0 ? [] : kernel.modules().items;
    for (const task of asleep) {
      if (!this.#waitsInModule(task, modules)) continue;
      const switches = this.#switches(task);
      const known = before.get(task.address);
      const sleep =
        known?.switches === switches ? known : { switches, sinceMs: guestMs, told: false };
      this.#sleeps.set(task.address, sleep);
      if (sleep.told || guestMs - sleep.sinceMs < BLOCKED_AFTER_MS) continue;
      sleep.told = true;
      isNews = true;
    }
    if (isNews) this.#onBlocked();
  }

  #waitsInModule(task: GuestTask, modules: readonly GuestModule[]): boolean {
    const { kernel } = this.#kernel;
    let trace: StackTrace;
    try {
      trace = kernel.stack(task);
    } catch {
      return false;
    }
    const places = trace.frames.map((frame) => kernel.place(lookUpAddress(frame), modules));
    if (!places.some((place) => place?.module !== undefined)) return false;
    const functions = places.flatMap((place) => place?.name ?? []);
    const found = sleepingWaiter(task, functions, trace.frames[0]?.foundAt, this.#kernel);
    // A wait queue is waited on for what a device or a program will do some time.
    return found !== undefined && found.type !== "wait_queue_head_t";
  }

  /** `nvcsw`: how often the task has given up the processor by itself. */
  #switches({ address }: GuestTask): bigint {
    try {
      const { offset } = this.#kernel.types.member("task_struct", "nvcsw");
      return this.#kernel.kernel.word(address + BigInt(offset));
    } catch {
      return 0n;
    }
  }
}
