import { type ImageSource, Images, Lab } from "../lab/index.js";
import { BrowserError } from "./failure.js";
import { PageDebugger } from "./page-debugger.js";
import type {
  CheckpointInfo,
  GdbBridgeAddress,
  LabAssets,
  LabEvent,
  LabInfo,
  LabRemote,
} from "./protocol.js";
import { RunningLab } from "./running-lab.js";

/** Where a host gets its images from; it tells the bytes that have come. */
export type OpenImageSource = (
  assets: LabAssets,
  onBytes: (loadedBytes: number, totalBytes: number) => void,
) => ImageSource;

/** A lab, as a page drives it from the other side of a worker: what the page asks for is done here. */
export class LabHost implements LabRemote {
  readonly #openSource: OpenImageSource;
  #running: RunningLab | undefined;
  #debugger: PageDebugger | undefined;

  constructor(openSource: OpenImageSource) {
    this.#openSource = openSource;
  }

  async start(
    assets: LabAssets,
    files: Readonly<Record<string, string>>,
    onEvent: (event: LabEvent) => void,
  ): Promise<LabInfo> {
    if (this.#running !== undefined) {
      throw new BrowserError("refused", "The lab of this worker runs already.");
    }
    const source = this.#openSource(assets, (loadedBytes, totalBytes) => {
      onEvent({ kind: "start", start: { step: "download", loadedBytes, totalBytes } });
      if (loadedBytes === totalBytes) onEvent({ kind: "start", start: { step: "load" } });
    });
    const images = await Images.open(source);
    const lab = await Lab.boot(images, {
      onProgress: ({ step }) => {
        if (step === "restore") onEvent({ kind: "start", start: { step } });
      },
    });
    const running = new RunningLab(images, lab, files, onEvent);
    this.#running = running;
    if (assets.gdb !== undefined) void this.#offerToDebuggers(images, lab, assets.gdb);
    return {
      arch: lab.machine.arch,
      kernelRelease: lab.kernel.release,
      engine: lab.machine.engine,
      memoryBytes: lab.machine.memoryBytes,
      refusedFiles: running.refusedFiles,
    };
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

  async listFiles(folder: string): Promise<readonly string[]> {
    return this.#run.files.list(folder);
  }

  async originalOf(path: string): Promise<string | undefined> {
    return this.#run.files.originalOf(path);
  }

  async editOf(path: string): Promise<string | undefined> {
    return this.#run.files.editOf(path);
  }

  resetFolder(folder: string): Promise<void> {
    return this.#run.resetFolder(folder);
  }

  async readSource(path: string): Promise<string | undefined> {
    return this.#lab.readSource(path);
  }

  async #offerToDebuggers(images: Images, lab: Lab, gdb: GdbBridgeAddress): Promise<void> {
    try {
      const offered = await PageDebugger.open(images, lab, gdb);
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
    await running?.close();
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
