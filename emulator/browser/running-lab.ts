import type { Lab } from "../lab/index.js";
import { Checkpoints } from "./checkpoints.js";
import { CourseFiles } from "./course-files.js";
import { EventBatch } from "./event-batch.js";
import { BrowserError } from "./failure.js";
import type { CheckpointInfo, LabEvent } from "./protocol.js";
import { watchUserFiles } from "./user-files.js";

/** A lab that has started, and those who watch it for the page. */
export class RunningLab {
  readonly lab: Lab;
  readonly files: CourseFiles;
  /** The paths of the user's files that could not be put into the guest. */
  readonly refusedFiles: readonly string[];
  readonly #events: EventBatch;
  readonly #checkpoints: Checkpoints;
  readonly #listening: Disposable[];
  /** Settles when the guest has gone back to where it was last sent. */
  #wayBack: Promise<unknown> = Promise.resolve();

  /** @param edits the user's files that replace the course's own, by path in the guest. */
  constructor(
    lab: Lab,
    edits: Readonly<Record<string, string>>,
    onEvent: (event: LabEvent) => void,
  ) {
    const start = lab.lastCheckpoint;
    if (start === undefined) throw new BrowserError("refused", "This lab has no checkpoint yet.");
    this.lab = lab;
    this.files = new CourseFiles(lab);
    this.refusedFiles = this.files.override(edits);
    this.#events = new EventBatch(onEvent);
    this.#checkpoints = new Checkpoints(start, (checkpoints) =>
      this.#events.send({ kind: "checkpoints", checkpoints }),
    );
    this.#tellAnew();
    this.#listening = [
      lab.terminal.onOutput((bytes) => this.#events.terminal(bytes)),
      lab.terminal.onReset(() => this.#tellAnew()),
      lab.onKernelRecord((record) => this.#events.kernelRecord(record)),
      lab.onReport((report) => this.#events.send({ kind: "report", report })),
      lab.packs.onFetch((fetch) => this.#events.send({ kind: "pack", fetch })),
      watchUserFiles(lab, (event) => this.#events.file(event)),
    ];
  }

  async checkpoint(name: string): Promise<CheckpointInfo> {
    this.#checkpoints.requireRoom();
    return this.#checkpoints.add(name, await this.lab.checkpoint());
  }

  /**
   * Puts the guest back.
   * @param id of a checkpoint; by default the one that was made or gone back to last
   * @returns the milliseconds until the guest answered
   */
  async goBack(id?: number): Promise<number> {
    const began = performance.now();
    const checkpoint = id === undefined ? this.#checkpoints.current : this.#checkpoints.select(id);
    // One after the other: a second restore under the first would cut off its answer.
    const back = this.#wayBack.then(() => this.lab.restore(checkpoint));
    this.#wayBack = back.catch(() => undefined);
    await back;
    return performance.now() - began;
  }

  forget(id: number): void {
    this.#checkpoints.forget(id);
  }

  async resetFolder(folder: string): Promise<void> {
    this.files.reset(folder);
    await this.goBack(this.#checkpoints.startId);
  }

  async close(): Promise<void> {
    for (const item of this.#listening) item[Symbol.dispose]();
    this.#events[Symbol.dispose]();
    await this.lab.close();
  }

  /** The guest is another one now than that of which was told before. */
  #tellAnew(): void {
    this.#events.dropOutput();
    // A copy: the page gets the memory itself.
    const backlog = this.lab.terminal.backlog().slice();
    this.#events.send({ kind: "terminal-reset", backlog });
    this.#events.send({ kind: "kernel-log-reset", records: this.lab.kernelLog() });
    this.#events.send({ kind: "reports-reset" });
  }
}
