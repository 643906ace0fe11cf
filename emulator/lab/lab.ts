import {
  ControlLine,
  KernelLogParser,
  type KernelRecord,
  type RequestHandler,
} from "../console/index.js";
import type { FileTree, NinePServer } from "../files/index.js";
import type { StoppedKernel } from "../guest/index.js";
import { Emitter, type Event } from "../machine/emitter.js";
import type { Machine } from "../machine/machine.js";
import type { Report } from "../reports/index.js";
import { Autopsies } from "./autopsy/autopsies.js";
import type { Autopsy, LockHolder } from "./autopsy/index.js";
import type { LabBuild, LabBuildOptions, ModuleToBuild, ProgramToBuild } from "./build/build.js";
import { Builds } from "./build/builds.js";
import { registerGuestTools } from "./build/guest-tools.js";
import { LabBuilder } from "./build/lab-builder.js";
import type { Checkpoint } from "./checkpoint.js";
import {
  ABORTED_BEFORE_ITS_TURN,
  type CommandHost,
  type CommandOptions,
  runCommand,
} from "./command.js";
import { LabError } from "./errors.js";
import type { FreezeVerdict } from "./freeze-detector.js";
import { guestDown, guestFileError, treePath } from "./guest-files.js";
import { STUDENT } from "./home.js";
import type { Images } from "./images.js";
import { type InsmodResult, insmodArguments, type ModuleToLoad, unknownSymbols } from "./insmod.js";
import { type KernelFacts, KernelProbe } from "./kernel-facts.js";
import { checkModule } from "./module-check.js";
import type { ModuleFile, ModuleFiles } from "./module-files.js";
import { type CommandResult, type Doom, succeeded } from "./outcome.js";
import type { Packs } from "./packs.js";
import { type LabOptions, type LabParts, loadParts } from "./parts.js";
import type { LabReport, ReportDecoder } from "./report-decoder.js";
import { ReportWatch } from "./report-watch.js";
import type { SourceReader } from "./source-reader.js";
import { Terminal } from "./terminal.js";
import { Watchdog } from "./watchdog.js";

/** The longest that a guest may take to answer, guest milliseconds. A cold boot takes 3 s. */
const ANSWER_LIMIT_MS = 60_000;

/**
 * A Linux guest in an emulated machine. One command runs at a time; the others wait their
 * turn. Whatever the guest does, every promise settles.
 */
export class Lab {
  readonly machine: Machine;
  readonly kernel: KernelFacts;
  /** The user's files: the guest's `/home`. They belong to the host and outlive every restore. */
  readonly files: FileTree;
  /** What the guest has in `/opt`, fetched when it is first opened. */
  readonly packs: Packs;
  /** What a person sees and types: the shell on ttyS0, with the kernel's messages. */
  readonly terminal: Terminal;
  /** What builds modules and programs for the guest: the compiler, fetched when it is first used. */
  readonly builds: Builds;

  readonly #builder: LabBuilder;
  readonly #sources: SourceReader;
  readonly #moduleFiles: ModuleFiles;
  readonly #server: NinePServer;
  readonly #control: ControlLine;
  readonly #watchdog: Watchdog;
  readonly #decoder: ReportDecoder;
  readonly #reports: ReportWatch;
  readonly #logParser = new KernelLogParser();
  readonly #records = new Emitter<KernelRecord>();
  /** Each message of the kernel as it comes, with its level. */
  readonly onKernelRecord = this.#records.on;
  readonly #autopsies: Autopsies;
  readonly #unixMsAtPowerOn: number | undefined;
  #kernelLog: KernelRecord[] = [];
  #lastCheckpoint: Checkpoint | undefined;
  /** Settles when the guest can take commands again, after a start or a restore. */
  #ready: Promise<unknown> = Promise.resolve();
  /** Settles when the last command in the queue has ended. */
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Starts a guest and waits until it answers. */
  static async boot(images: Images, options: LabOptions = {}): Promise<Lab> {
    const parts = await loadParts(images, options);
    const lab = new Lab(images, parts, options);
    try {
      if (parts.snapshot !== undefined) {
        options.onProgress?.({ step: "restore" });
        await lab.#restore(parts.snapshot, options.signal);
      } else {
        options.onProgress?.({ step: "boot" });
        lab.machine.run();
        await lab.#connect(options.signal);
        lab.#autopsies.restored(undefined);
        await lab.checkpoint();
      }
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  private constructor(images: Images, parts: LabParts, options: LabOptions) {
    this.machine = parts.machine;
    this.kernel = parts.kernel;
    this.files = parts.files;
    this.packs = parts.packs;
    this.builds = new Builds(images, this.machine.arch);
    this.#builder = new LabBuilder(this.builds, this.files);
    this.#sources = parts.sources;
    this.#moduleFiles = parts.moduleFiles;
    this.#server = parts.server;
    this.#unixMsAtPowerOn = options.powerOnUnixMs;
    const [terminal, control, log] = this.machine.serial;
    if (terminal === undefined || control === undefined || log === undefined) {
      throw new LabError("boot-failed", "The machine has fewer than three serial lines.");
    }
    this.terminal = new Terminal(terminal);
    const timers = {
      now: () => this.machine.sample().guestMs,
      after: (ms: number, callback: () => void) => this.machine.afterGuestMs(ms, callback),
    };
    const { random32 } = options;
    this.#control = new ControlLine(control, timers, {
      ...(random32 && { nonce: () => random32() >>> 0 }),
    });
    // The agent was killed and started again, or its line was silent for long.
    this.#control.onLost(() => {
      if (!this.#closed && this.doom === undefined) {
        this.#ready = this.#connect().catch(() => undefined);
      }
    });
    const probe = new KernelProbe(this.machine, this.kernel);
    this.#watchdog = new Watchdog(this.machine, probe, this.#control);
    this.#decoder = parts.reportDecoder;
    this.#reports = new ReportWatch(this.machine, parts.reportDecoder);
    this.#autopsies = new Autopsies({
      machine: this.machine,
      images,
      followsLocks: options.lockLog ?? true,
      moduleFiles: (name) => this.#moduleFiles.candidates(name),
      readSource: (path) => this.#sources.read(path),
      verdict: () => this.#watchdog.verdict,
    });
    parts.onModuleOpened(() => this.#autopsies.moduleOpened());
    this.#watchdog.onDoom((doom) => {
      this.#reports.flush();
      if (options.runOnWhenDoomed !== true) this.machine.pause();
      this.#autopsies.doomed(doom);
    });
    log.onOutput((bytes) => {
      for (const record of this.#logParser.push(bytes)) this.#onRecord(record);
    });
    registerGuestTools(this);
  }

  /** Whether the guest can take commands, and if not, why. */
  get doom(): Doom | undefined {
    return this.#watchdog.doom;
  }

  get verdict(): FreezeVerdict {
    return this.#watchdog.verdict;
  }

  /** The guest panicked, froze or died. It can be restored. */
  get onDoom(): Event<Doom> {
    return this.#watchdog.onDoom;
  }

  /** The guest has become stalled, has frozen, or has come back. */
  get onVerdict(): Event<FreezeVerdict> {
    return this.#watchdog.onVerdict;
  }

  /**
   * What the kernel reports of itself (oopses, BUGs, WARNINGs, lockups, …), decoded, each when
   * it is over.
   */
  get onReport(): Event<LabReport> {
    return this.#reports.onReport;
  }

  /**
   * The guest froze or panicked, and this is what it shows: once for each {@link onDoom} but the
   * death of a machine, which leaves nothing to open. Its `holder` is not known yet.
   */
  get onAutopsy(): Event<Autopsy> {
    return this.#autopsies.onAutopsy;
  }

  /** After an autopsy that found it spinning on a lock: who has it, or why that cannot be told. */
  get onHolder(): Event<LockHolder> {
    return this.#autopsies.onHolder;
  }

  /**
   * Tasks have slept for seconds where a module waits for a lock or a completion: the guest goes
   * on, and they do not.
   */
  get onBlocked(): Event<Autopsy> {
    return this.#autopsies.onBlocked;
  }

  /**
   * Opens the guest up and tells what it is doing, who is blocked, and who holds the locks: of a
   * guest that froze or panicked what it showed then.
   * @throws LabError `image-missing` or `image-corrupt` when its symbols cannot be read; of a dead
   *   machine nothing can be told.
   */
  async autopsy(): Promise<Autopsy> {
    this.#throwIfClosed();
    if (this.doom?.outcome === "dead") throw guestDown(this.doom);
    return this.#autopsies.autopsy(this.doom);
  }

  /**
   * Reads the symbols and types of the kernel, which {@link codePlace} needs; once, unless a
   * module's loading or a freeze has done it.
   * @throws LabError `image-missing` or `image-corrupt`; the next call tries again
   */
  async readSymbols(): Promise<void> {
    await this.#autopsies.prepare();
  }

  /**
   * The kernel, for whoever looks into the guest's memory while it stands still; read as by
   * {@link readSymbols}.
   * @throws LabError `image-missing` or `image-corrupt`; the next call tries again
   */
  async openedKernel(): Promise<StoppedKernel> {
    const { kernel } = await this.#autopsies.prepare();
    return kernel;
  }

  /**
   * Where code of the kernel or of a loaded module lies: `hello_read+0x19 [hello]`.
   * @returns undefined for an address in no function, and before the symbols are read.
   */
  codePlace(address: number | bigint): string | undefined {
    return this.#autopsies.codePlace(BigInt(address));
  }

  /** What {@link restore} goes back to by default. */
  get lastCheckpoint(): Checkpoint | undefined {
    return this.#lastCheckpoint;
  }

  /** Answers `kspace-call NAME` in the guest. */
  onGuestCall(name: string, handler: RequestHandler): Disposable {
    return this.#control.onRequest(name, handler);
  }

  /** Everything that the kernel has logged since it booted, with levels. */
  kernelLog(): readonly KernelRecord[] {
    return [...this.#kernelLog];
  }

  /**
   * What the kernel has reported since it booted or was restored, once the reports that have
   * begun are over.
   */
  reports(): Promise<readonly LabReport[]> {
    return this.#reports.since(0);
  }

  /** Decodes a report once more: what it needed may be at hand now. */
  decodeReport(report: Report): Promise<LabReport> {
    return this.#decoder.decode(report);
  }

  /**
   * Runs a program and waits for its end, whatever it is. With no `cwd` it starts in the
   * user's home folder.
   * @throws LabError `closed`
   */
  run(program: string, options: CommandOptions = {}): Promise<CommandResult> {
    const task = () => runCommand(this.#commandHost, program, options);
    return this.#enqueueAbortable(task, options.signal, ABORTED_BEFORE_ITS_TURN);
  }

  /** Runs a shell script; `options.args` are its `$1`, `$2`, …. */
  sh(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    return this.run("/bin/sh", { ...options, args: ["-c", script, "sh", ...(options.args ?? [])] });
  }

  /**
   * Loads modules in order, up to the first that does not load.
   * @returns the result of the last `insmod` that ran.
   * @throws ModuleError for a file that this kernel cannot load.
   */
  insmod(
    modules: string | ModuleToLoad | readonly (string | ModuleToLoad)[],
    options: CommandOptions = {},
  ): Promise<InsmodResult> {
    const list = (Array.isArray(modules) ? modules : [modules]).map((module) =>
      typeof module === "string" ? { path: module } : module,
    );
    const task = async (): Promise<InsmodResult> => {
      for (const { path } of list) this.#checkModule(path);
      await this.#prepareAutopsies();
      let result: InsmodResult | undefined;
      for (const { path, params } of list) {
        const args = insmodArguments(path, params);
        const loaded = await runCommand(this.#commandHost, "/sbin/insmod", { ...options, args });
        result = { ...loaded, unknownSymbols: unknownSymbols(loaded.kernelLog) };
        if (!succeeded(result)) break;
      }
      if (result === undefined) throw new TypeError("insmod() needs at least one module.");
      return result;
    };
    const aborted = { ...ABORTED_BEFORE_ITS_TURN, unknownSymbols: [] };
    return this.#enqueueAbortable(task, options.signal, aborted);
  }

  /**
   * Builds a module or a program of C files under `/home`, beside the guest and whatever state that
   * is in, and writes it into their folder. What is wrong with a source is a result, and no error. A
   * newer build takes the place of one that runs.
   * @throws ToolchainError (rejects) `bad-request`, `superseded`, `aborted`, `not-available`; LabError
   *   `image-missing` or `image-corrupt` when the compiler or headers cannot be fetched, `closed`;
   *   FileError when the folder cannot be written to
   */
  async build(
    what: ModuleToBuild | ProgramToBuild,
    options: LabBuildOptions = {},
  ): Promise<LabBuild> {
    this.#throwIfClosed();
    return this.#builder.build(what, options);
  }

  rmmod(name: string, options: CommandOptions = {}): Promise<CommandResult> {
    return this.run("/sbin/rmmod", { ...options, args: [name] });
  }

  /**
   * Writes a file of the guest. Under `/home` it is the host's tree that is written, also
   * while the guest is frozen; elsewhere the guest must be able to run a program.
   */
  async writeFile(path: string, content: Uint8Array | string, mode = 0o644): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const inTree = treePath(path);
    if (inTree !== undefined) {
      this.files.writeFile(inTree, bytes, { mode, ...STUDENT });
      return;
    }
    const script = 'cat > "$1" && chmod "$2" "$1"';
    const result = await this.sh(script, { args: [path, mode.toString(8)], stdin: bytes });
    if (!succeeded(result)) throw guestFileError("write", path, result);
  }

  /** Reads a file of the guest, from the host's tree where it lies under `/home`. */
  async readFile(path: string): Promise<Uint8Array> {
    const inTree = treePath(path);
    if (inTree !== undefined) return this.files.readFile(inTree);
    const result = await this.run("/bin/cat", { args: [path] });
    if (!succeeded(result)) throw guestFileError("read", path, result);
    return result.stdout;
  }

  /**
   * The text of a source file that debug information names: the user's own, or one of the
   * kernel's; undefined where it is not at hand.
   * @throws LabError (rejects) when the kernel's sources cannot be fetched
   */
  readSource(path: string): Promise<string | undefined> {
    return this.#sources.read(path);
  }

  /**
   * The file of a module that the guest opened last, as it was then.
   * @param notes what /sys/module/NAME/notes/.note.gnu.build-id holds while it is loaded: only a
   * file with that build ID is it
   * @throws ElfError for damaged notes
   */
  moduleFile(name: string, notes?: Uint8Array): ModuleFile | undefined {
    return this.#moduleFiles.lastOpened(name, notes);
  }

  /** Saves the guest as it is between two commands; {@link restore} goes back to it. */
  checkpoint(): Promise<Checkpoint> {
    return this.#enqueue(async () => {
      if (this.doom !== undefined) throw guestDown(this.doom);
      // A guest saved while it waits for a file's content would wait for it for ever.
      await this.#server.whenIdle();
      const checkpoint: Checkpoint = {
        machine: this.machine.save(),
        kernelRelease: this.kernel.release,
        files: this.#server.saveSession(),
        kernelLog: [...this.#kernelLog],
        terminal: this.terminal.backlog(),
        lockLog: this.#autopsies.saveLog(),
      };
      this.#lastCheckpoint = checkpoint;
      return checkpoint;
    });
  }

  /**
   * Puts the guest back to a checkpoint, the last one by default, and waits until it
   * answers. Files stay as they are. A command under way ends as `lost`.
   * @throws LabError `foreign-checkpoint` when it is of another kernel or engine.
   */
  restore(checkpoint: Checkpoint | undefined = this.#lastCheckpoint): Promise<void> {
    const restored = this.#restore(checkpoint);
    this.#ready = restored.catch(() => undefined);
    return restored;
  }

  async #restore(checkpoint: Checkpoint | undefined, signal?: AbortSignal): Promise<void> {
    this.#throwIfClosed();
    if (checkpoint === undefined) {
      throw new LabError("foreign-checkpoint", "There is no checkpoint to go back to yet.");
    }
    if (checkpoint.kernelRelease !== this.kernel.release) {
      throw new LabError(
        "foreign-checkpoint",
        `This checkpoint is of kernel ${checkpoint.kernelRelease}, and the images are of ` +
          `${this.kernel.release}.`,
      );
    }
    this.machine.pause();
    // Its modules' locks are to be followed without a gap.
    if ((checkpoint.lockLog?.modules.length ?? 0) > 0) await this.#prepareAutopsies();
    const lockLog = this.#autopsies.saveLog();
    this.#autopsies.beforeRestore();
    try {
      await this.machine.restore(checkpoint.machine);
    } catch (error) {
      // It is another engine's state; the guest is what it was.
      this.#autopsies.restored(lockLog);
      throw error;
    }
    this.#throwIfClosed();
    this.#autopsies.restored(checkpoint.lockLog);
    this.#server.restoreSession(checkpoint.files);
    this.#control.reset();
    this.#watchdog.reset();
    this.#reports.reset();
    this.#kernelLog = [...checkpoint.kernelLog];
    const last = this.#kernelLog.at(-1);
    this.#logParser.reset({
      line: new Uint8Array(),
      nextSequence: last === undefined ? undefined : last.sequence + 1,
    });
    this.terminal.reset(checkpoint.terminal);
    this.#lastCheckpoint = checkpoint;
    this.machine.run();
    await this.#connect(signal);
  }

  /**
   * Locks are to be followed from a module's loading on. The guest stands still meanwhile, so that
   * its run does not depend on how fast the host reads.
   */
  async #prepareAutopsies(): Promise<void> {
    if (this.#autopsies.isPrepared) return;
    const wasRunning = this.machine.running;
    this.machine.pause();
    // Without it modules load as well.
    await this.#autopsies.prepare().catch(() => undefined);
    if (wasRunning && !this.#closed) this.machine.run();
  }

  /** Guest time stands still until {@link resume}. */
  pause(): void {
    this.machine.pause();
  }

  resume(): void {
    this.#throwIfClosed();
    if (this.machine.running) return;
    this.machine.run();
    // The guest's clock stood still, the world's did not.
    void this.#enqueue(() => this.#answerTo(this.#setDate())).catch(() => undefined);
  }

  /** Ends the guest. Commands under way end as `lost`, later ones are refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.machine.pause();
    this.#control[Symbol.dispose]();
    this.#watchdog[Symbol.dispose]();
    this.#reports[Symbol.dispose]();
    this.#autopsies[Symbol.dispose]();
    this.builds[Symbol.dispose]();
    await this.#tail;
    this.machine.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #commandHost(): CommandHost {
    const lab = this;
    return {
      machine: this.machine,
      control: this.#control,
      doom: this.doom,
      onDoom: this.#watchdog.onDoom,
      get kernelLogLength() {
        return lab.#kernelLog.length;
      },
      kernelLogSince: (length) => this.#kernelLog.slice(length),
      get reportCount() {
        return lab.#reports.count;
      },
      reportsSince: (count) => this.#reports.since(count),
      autopsy: () => this.autopsy(),
    };
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(async () => {
      await this.#ready;
      this.#throwIfClosed();
      return task();
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Like {@link #enqueue}; what is aborted before its turn ends at once and never begins. */
  #enqueueAbortable<T>(
    task: () => Promise<T>,
    signal: AbortSignal | undefined,
    aborted: T,
  ): Promise<T> {
    let begun = false;
    const result = this.#enqueue(() => {
      begun = true;
      return task();
    });
    if (signal === undefined) return result;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        if (!begun) resolve(aborted);
      };
      signal.addEventListener("abort", abort, { once: true });
      const settled = (): void => signal.removeEventListener("abort", abort);
      result.then(resolve, reject).finally(settled);
    });
  }

  #throwIfClosed(): void {
    if (this.#closed) throw new LabError("closed", "This lab was closed; boot a new one.");
  }

  async #connect(signal?: AbortSignal): Promise<void> {
    const connected = this.#control.connect(signal ? { signal } : {});
    await this.#answerTo(connected.then(() => this.#setDate()));
  }

  /**
   * Waits for the guest's answer, but not beyond its end: in a machine that stands still not
   * even the control line's own timeout comes.
   */
  async #answerTo<T>(request: Promise<T>): Promise<T> {
    const cleanup: Disposable[] = [];
    try {
      return await Promise.race([
        request,
        new Promise<never>((_, reject) => {
          if (this.doom !== undefined) reject(guestDown(this.doom));
          cleanup.push(this.onDoom((doom) => reject(guestDown(doom))));
          const expired = (): void => reject(this.#noAnswer());
          cleanup.push(this.machine.afterGuestMs(ANSWER_LIMIT_MS, expired));
        }),
      ]);
    } finally {
      for (const item of cleanup) item[Symbol.dispose]();
    }
  }

  #noAnswer(): LabError {
    const lastWords = this.#kernelLog.slice(-5).map(({ text }) => `  ${text}`);
    return new LabError(
      "boot-failed",
      `The guest did not answer within ${ANSWER_LIMIT_MS / 1000} s of its time. ` +
        `The kernel's last messages:\n${lastWords.join("\n")}`,
    );
  }

  async #setDate(): Promise<void> {
    const powerOn = this.#unixMsAtPowerOn;
    const now = powerOn === undefined ? Date.now() : powerOn + this.machine.sample().guestMs;
    await this.#control.setTime(now);
    this.#autopsies.started();
  }

  #checkModule(path: string): void {
    const inTree = treePath(path);
    if (inTree === undefined || !this.files.exists(inTree)) return; // insmod will say it.
    checkModule(path, this.files.readFile(inTree), this.machine.arch, this.kernel);
  }

  #onRecord(record: KernelRecord): void {
    this.#kernelLog.push(record);
    this.#watchdog.kernelRecord(record);
    this.#reports.kernelRecord(record);
    this.#records.emit(record);
  }
}
