import type { ImageSource, Lab, LabBuild, LabOptions, LabReport, Report } from "../lab/index.js";
import { BrowserError } from "./failure.js";
import { unpackFiles } from "./kept-files.js";
import type { PageDebugger } from "./page-debugger.js";
import type {
  BuildOptions,
  CheckpointInfo,
  GdbBridgeAddress,
  LabAssets,
  LabEvent,
  LabInfo,
  LabRemote,
  StartEvent,
  UserChange,
  UserFiles,
  WhatToBuild,
} from "./protocol.js";
import type { RunningLab } from "./running-lab.js";

/** Where a host gets its images from; it tells the bytes that have come. */
export type OpenImageSource = (
  assets: LabAssets,
  onBytes: (loadedBytes: number, totalBytes: number) => void,
) => ImageSource;

export type LabHostOptions = Pick<LabOptions, "home">;

type LabProgram = typeof import("./lab-program.js");

interface Booted {
  readonly program: LabProgram;
  readonly lab: Lab;
}

/** A lab, as a page drives it from the other side of a worker: what the page asks for is done here. */
export class LabHost implements LabRemote {
  readonly #openSource: OpenImageSource;
  readonly #options: LabHostOptions;
  #booting: Promise<Booted> | undefined;
  #running: RunningLab | undefined;
  /** What was told last of a start that nobody may have asked for yet. */
  #lastStep: StartEvent | undefined;
  #tellStep: (step: StartEvent) => void = () => undefined;
  #debugger: PageDebugger | undefined;

  constructor(openSource: OpenImageSource, options: LabHostOptions = {}) {
    this.#openSource = openSource;
    this.#options = options;
  }

  prepare(assets: LabAssets): void {
    this.#booting ??= this.#boot(assets);
    // Whoever starts the lab sees that it failed.
    this.#booting.catch(() => undefined);
  }

  async start(
    assets: LabAssets,
    files: UserFiles,
    onEvent: (event: LabEvent) => void,
  ): Promise<LabInfo> {
    if (this.#running !== undefined) {
      throw new BrowserError("refused", "The lab of this worker runs already.");
    }
    this.#tellStep = (start) => onEvent({ kind: "start", start });
    if (this.#lastStep !== undefined) this.#tellStep(this.#lastStep);
    this.#booting ??= this.#boot(assets);
    const [{ program, lab }, kept] = await Promise.all([this.#booting, unpackFiles(files)]);
    const running = new program.RunningLab(lab, kept, onEvent);
    this.#running = running;
    if (assets.gdb !== undefined) void this.#offerToDebuggers(lab, assets.gdb);
    return {
      arch: lab.machine.arch,
      kernelRelease: lab.kernel.release,
      engine: lab.machine.engine,
      memoryBytes: lab.machine.memoryBytes,
      refusedFiles: running.refusedFiles,
    };
  }

  async #boot(assets: LabAssets): Promise<Booted> {
    // Before the images: it is the first that is needed.
    const loading = loadProgram();
    const source = this.#openSource(assets, (loadedBytes, totalBytes) => {
      this.#step({ step: "download", loadedBytes, totalBytes });
      if (loadedBytes === totalBytes) this.#step({ step: "load" });
    });
    const program = await loading;
    const images = await program.Images.open(source);
    const lab = await program.Lab.boot(images, {
      ...this.#options,
      onProgress: ({ step }) => {
        if (step === "restore") this.#step({ step });
      },
    });
    return { program, lab };
  }

  #step(step: StartEvent): void {
    this.#lastStep = step;
    this.#tellStep(step);
  }

  type(bytes: Uint8Array): void {
    this.#lab.terminal.write(bytes);
  }

  resize(columns: number, rows: number): Promise<void> {
    return this.#run.resize(columns, rows);
  }

  rescue(): Promise<number> {
    return this.#run.goBack();
  }

  checkpoint(name: string): Promise<CheckpointInfo> {
    return this.#run.checkpoint(name);
  }

  goBackTo(id: number): Promise<number> {
    return this.#run.goBack(id);
  }

  forgetCheckpoint(id: number): void {
    this.#run.forget(id);
  }

  readFile(path: string): Promise<Uint8Array> {
    return this.#lab.readFile(path);
  }

  writeFile(path: string, content: string): Promise<void> {
    return this.#lab.writeFile(path, content);
  }

  async writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    this.#run.files.write(path, bytes);
  }

  async removeFile(path: string): Promise<void> {
    this.#run.files.remove(path);
  }

  async renameFile(from: string, to: string): Promise<void> {
    this.#run.files.rename(from, to);
  }

  async makeFolder(path: string): Promise<void> {
    this.#run.files.makeFolder(path);
  }

  async listFiles(folder: string): Promise<readonly string[]> {
    return this.#run.files.list(folder);
  }

  async originalOf(path: string): Promise<string | undefined> {
    return this.#run.course.originalOf(path);
  }

  changeOf(path: string): Promise<UserChange> {
    return this.#run.course.changeOf(path);
  }

  resetFolder(folder: string): Promise<void> {
    return this.#run.resetFolder(folder);
  }

  async readSource(path: string): Promise<string | undefined> {
    return this.#lab.readSource(path);
  }

  decodeReport(report: Report): Promise<LabReport> {
    return this.#run.decodeReport(report);
  }

  build(what: WhatToBuild, options?: BuildOptions): Promise<LabBuild> {
    return this.#run.builds.build(what, options);
  }

  cancelBuild(): void {
    this.#run.builds.cancel();
  }

  prepareBuilds(): Promise<void> {
    return this.#run.builds.prepare();
  }

  async #offerToDebuggers(lab: Lab, gdb: GdbBridgeAddress): Promise<void> {
    try {
      // Most pages offer nothing: its program is fetched by those that do.
      const { PageDebugger } = await import("./page-debugger.js");
      const offered = await PageDebugger.open(lab, gdb);
      if (this.#running?.lab === lab) this.#debugger = offered;
      else offered[Symbol.dispose]();
    } catch {
      // The guest does without: what could not be read will be missed, and told, elsewhere.
    }
  }

  /** Ends the guest. */
  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#debugger?.[Symbol.dispose]();
    this.#debugger = undefined;
    if (running !== undefined) return running.close();
    const booted = await this.#booting?.catch(() => undefined);
    await booted?.lab.close();
  }

  get #run(): RunningLab {
    if (this.#running === undefined) {
      throw new BrowserError("refused", "The lab has not started; wait until it has.");
    }
    return this.#running;
  }

  get #lab(): Lab {
    return this.#run.lab;
  }
}

/** @throws BrowserError (rejects) `download-failed` */
async function loadProgram(): Promise<LabProgram> {
  try {
    return await import("./lab-program.js");
  } catch (cause) {
    // Of a script that imports one that does not come, browsers say no more than its address.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrowserError(
      "download-failed",
      `The lab's program could not be downloaded (${reason}). ` +
        "Check that you are online, then try again.",
      { cause },
    );
  }
}
