import { formatPlace, type GuestPlace, type StackTrace } from "../../guest/index.js";
import { Emitter } from "../../machine/emitter.js";
import type { Machine } from "../../machine/machine.js";
import type { FreezeVerdict } from "../freeze-detector.js";
import type { Images } from "../images.js";
import type { ModuleFile } from "../module-files.js";
import type { Doom } from "../outcome.js";
import type { Autopsy, LockHolder } from "./autopsy.js";
import { BlockWatch } from "./block-watch.js";
import { type Capture, capture } from "./capture.js";
import { describeCapture, describeHolder } from "./describe.js";
import { FrameDecoder } from "./frame-decoder.js";
import { LockLog, type LockLogState } from "./lock-log.js";
import { type OpenedKernel, openKernel } from "./opened-kernel.js";

export interface AutopsiesParts {
  readonly machine: Machine;
  readonly images: Images;
  /** Whether to note where modules take locks. */
  readonly followsLocks: boolean;
  /** The files that may be a module's, the likeliest first. */
  moduleFiles(name: string): readonly ModuleFile[];
  readSource(path: string): Promise<string | undefined>;
  /** What the watchdog thinks now. */
  verdict(): FreezeVerdict;
}

/** Guest time after a start or a restore before the kernel's symbols are read unasked, milliseconds. */
const PREPARE_AFTER_MS = 1000;
/** Guest time that a module's loading waits at most for the kernel's symbols, milliseconds. */
const LONGEST_WAIT_MS = 3000;
/** Guest time between two looks at the stack of a processor that makes no progress, milliseconds. */
const SAMPLE_EVERY_MS = 25;
/** Looks that are kept: the last second and a half. */
const KEPT_SAMPLES = 64;

/** An examination under way. */
interface Examination {
  readonly autopsy: Promise<Autopsy>;
  readonly holder: Promise<LockHolder | undefined>;
}

/** Opens up a guest: when it has come to its end, when tasks are blocked, and when it is asked for. */
export class Autopsies implements Disposable {
  readonly #parts: AutopsiesParts;
  readonly #found = new Emitter<Autopsy>();
  readonly #holders = new Emitter<LockHolder>();
  readonly #blockings = new Emitter<Autopsy>();
  readonly onAutopsy = this.#found.on;
  readonly onHolder = this.#holders.on;
  readonly onBlocked = this.#blockings.on;
  readonly #listening: Disposable;
  #prepared: Promise<OpenedKernel> | undefined;
  #kernel: OpenedKernel | undefined;
  #log: LockLog | undefined;
  /** What the log goes on with, once the kernel can be read. */
  #savedLog: LockLogState | undefined;
  #blockWatch: BlockWatch | undefined;
  #timer: Disposable | undefined;
  #samples: StackTrace[] = [];
  #sampledMs = 0;
  /** Of the guest's end. */
  #ofDoom: Examination | undefined;
  /** Grows when the guest goes back: what was found before is of another past. */
  #epoch = 0;
  #isDisposed = false;

  constructor(parts: AutopsiesParts) {
    this.#parts = parts;
    this.#listening = parts.machine.onSlice(({ guestMs }) => this.#onSlice(guestMs));
  }

  /** The guest answers: symbols and types can be read while nobody waits for them. */
  started(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#parts.machine.afterGuestMs(PREPARE_AFTER_MS, () => this.#prepareUnasked());
  }

  /**
   * The guest has opened a module's file, to load it as a rule.
   * @returns when its locks can be followed from its loading on, or have to do without.
   */
  moduleOpened(): void | Promise<void> {
    const opening = this.#open();
    // So that the lines are at hand when they are needed.
    opening.then((kernel) => kernel.lines()).catch(() => undefined);
    if (this.isPrepared || !this.#parts.followsLocks) return;
    return new Promise<void>((resolve) => {
      const timer = this.#parts.machine.afterGuestMs(LONGEST_WAIT_MS, resolve);
      opening
        .catch(() => undefined)
        .finally(() => {
          timer[Symbol.dispose]();
          resolve();
        });
    });
  }

  /** Reads what guests are opened with; from then on locks are followed. */
  prepare(): Promise<OpenedKernel> {
    return this.#open();
  }

  get isPrepared(): boolean {
    return this.#kernel !== undefined;
  }

  /**
   * The function of the kernel or of a module that an address lies in, as `function+0xoffset` with
   * ` [module]` behind it; undefined where there is none, and as long as nothing is prepared.
   */
  codePlace(address: bigint): string | undefined {
    const place = placeOrNone(this.#kernel, address);
    return place && formatPlace(place);
  }

  /** The guest has come to its end, and stands still or goes on in vain. */
  doomed(doom: Doom): void {
    // A machine that was reset or has failed shows nothing of what was.
    if (doom.outcome === "dead") return;
    const epoch = this.#epoch;
    const examination = this.#examine(doom);
    this.#ofDoom = examination;
    const isCurrent = (): boolean => epoch === this.#epoch;
    examination.autopsy
      .then(async (autopsy) => {
        if (isCurrent()) this.#found.emit(autopsy);
        const holder = await examination.holder;
        if (holder !== undefined && isCurrent()) this.#holders.emit(holder);
      })
      // Without its symbols a kernel cannot be opened; whoever asks for the autopsy is told.
      .catch(() => undefined);
  }

  /** What the guest shows: of its end, if it has come to it, or as it is now. */
  async autopsy(doom: Doom | undefined): Promise<Autopsy> {
    const { autopsy, holder } = this.#ofDoom ?? this.#examine(doom);
    return { ...(await autopsy), holder: await holder };
  }

  /** The log of locks at a checkpoint; undefined where there is none. */
  saveLog(): LockLogState | undefined {
    return this.#log?.save() ?? this.#savedLog;
  }

  /** The guest's memory is about to become another. */
  beforeRestore(): void {
    this.#epoch++;
    this.#timer?.[Symbol.dispose]();
    this.#blockWatch?.[Symbol.dispose]();
    this.#blockWatch = undefined;
    this.#log?.[Symbol.dispose]();
    this.#log = undefined;
    this.#ofDoom = undefined;
    this.#samples = [];
    this.#sampledMs = 0;
  }

  /** @param log as it was when the guest that it is now was saved. */
  restored(log: LockLogState | undefined): void {
    this.#savedLog = log;
    if (this.#kernel !== undefined) this.#follow(this.#kernel);
    else if (log !== undefined) this.#prepareUnasked();
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.beforeRestore();
    this.#listening[Symbol.dispose]();
  }

  #prepareUnasked(): void {
    // Whoever needs it then will see the error, and try again.
    this.#open().catch(() => undefined);
  }

  #open(): Promise<OpenedKernel> {
    this.#prepared ??= openKernel(this.#parts.images, this.#parts.machine).then((kernel) => {
      this.#kernel = kernel;
      this.#follow(kernel);
      return kernel;
    });
    this.#prepared.catch(() => {
      this.#prepared = undefined;
    });
    return this.#prepared;
  }

  #follow(kernel: OpenedKernel): void {
    const { followsLocks, moduleFiles } = this.#parts;
    if (this.#isDisposed || !followsLocks || this.#log !== undefined) return;
    const log = new LockLog({ ...kernel, moduleFiles }, this.#savedLog);
    this.#log = log;
    this.#savedLog = undefined;
    this.#blockWatch = new BlockWatch(
      kernel,
      () => log.modules.length + log.unfollowed.length > 0,
      () => this.#tellBlocked(),
    );
  }

  #examine(doom: Doom | undefined): Examination {
    const { readSource } = this.#parts;
    const both = this.#captured(doom).then(async (found) => {
      const kernel = await this.#open();
      const kernelLines = await kernel.lines();
      return [found, new FrameDecoder({ kernelLines, files: found.files, readSource })] as const;
    });
    const examination = {
      autopsy: both.then(([found, decode]) => describeCapture(found, decode)),
      holder: both.then(([found, decode]) => describeHolder(found, decode)),
    };
    // Who awaits the autopsy is told; the holder is asked for after it.
    examination.holder.catch(() => undefined);
    return examination;
  }

  /** At once where the kernel can be read already: the guest may run on. */
  async #captured(doom: Doom | undefined): Promise<Capture> {
    const kernel = this.#kernel ?? (await this.#open());
    const { moduleFiles } = this.#parts;
    return capture(
      { ...kernel, moduleFiles },
      {
        doom,
        log: this.#log,
        samples: this.#samples,
        asleepSince: this.#blockWatch?.asleepSince ?? new Map(),
      },
    );
  }

  #tellBlocked(): void {
    const epoch = this.#epoch;
    const { autopsy } = this.#examine(undefined);
    autopsy
      .then((found) => {
        if (epoch === this.#epoch && this.#ofDoom === undefined) this.#blockings.emit(found);
      })
      .catch(() => undefined);
  }

  #onSlice(guestMs: number): void {
    const { state } = this.#parts.verdict();
    if (state === "alive") {
      if (this.#samples.length > 0) this.#samples = [];
      return;
    }
    if (state !== "stalled" || guestMs - this.#sampledMs < SAMPLE_EVERY_MS) return;
    this.#sampledMs = guestMs;
    const trace = this.#kernel?.processorStack();
    if (trace !== undefined) this.#samples = [...this.#samples.slice(1 - KEPT_SAMPLES), trace];
  }
}

function placeOrNone(opened: OpenedKernel | undefined, address: bigint): GuestPlace | undefined {
  try {
    return opened?.kernel.place(address);
  } catch {
    return undefined; // The list of modules is being changed, or damaged.
  }
}
