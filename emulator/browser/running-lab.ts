import type { Lab, LabReport, PackFetch, Report } from "../lab/index.js";
import { Checkpoints } from "./checkpoints.js";
import { CourseFiles } from "./course-files.js";
import { EventBatch } from "./event-batch.js";
import { BrowserError, labFailure } from "./failure.js";
import { GuestLook } from "./guest-look.js";
import { HomeFiles } from "./home-files.js";
import type { KeptFiles } from "./kept-files.js";
import { MachineGauge } from "./machine-gauge.js";
import { PageBuilds } from "./page-builds.js";
import { PlaceFinder } from "./place-finder.js";
import type { CheckpointInfo, LabEvent, PackEvent } from "./protocol.js";
import { TerminalSize } from "./terminal-size.js";
import { watchUserFiles } from "./user-files.js";

/** A lab that has started, and those who watch it for the page. */
export class RunningLab {
  readonly lab: Lab;
  readonly files: HomeFiles;
  /** The files as the course has them. */
  readonly course: CourseFiles;
  readonly builds: PageBuilds;
  /** The paths of the user's files that could not be put into the guest. */
  readonly refusedFiles: readonly string[];
  readonly #events: EventBatch;
  readonly #checkpoints: Checkpoints;
  readonly #look: GuestLook;
  readonly #gauge: MachineGauge;
  readonly #size: TerminalSize;
  readonly #listening: Disposable[];
  /** Settles when the guest has gone back to where it was last sent. */
  #wayBack: Promise<unknown> = Promise.resolve();

  /** @param kept what the browser has kept of the user's work. */
  constructor(lab: Lab, kept: KeptFiles, onEvent: (event: LabEvent) => void) {
    const start = lab.lastCheckpoint;
    if (start === undefined) throw new BrowserError("refused", "This lab has no checkpoint yet.");
    this.lab = lab;
    this.files = new HomeFiles(lab.files);
    this.course = new CourseFiles(lab);
    this.refusedFiles = this.course.override(kept);
    this.#events = new EventBatch(onEvent);
    this.#checkpoints = new Checkpoints(start, (checkpoints) =>
      this.#events.send({ kind: "checkpoints", checkpoints }),
    );
    this.#tellAnew();
    this.#size = new TerminalSize(lab);
    this.#look = new GuestLook(lab, (guest) => this.#events.send({ kind: "guest", guest }));
    this.#gauge = new MachineGauge(lab, new PlaceFinder(lab), (status) =>
      this.#events.send({ kind: "status", status }),
    );
    this.builds = new PageBuilds(lab, (fetch) => this.#events.send({ kind: "build-fetch", fetch }));
    this.#listening = [
      this.builds,
      this.#look,
      this.#gauge,
      lab.terminal.onOutput((bytes) => {
        this.#events.terminal(bytes);
        this.#look.activity();
      }),
      lab.terminal.onReset(() => this.#wentBack()),
      lab.onKernelRecord((record) => {
        this.#events.kernelRecord(record);
        this.#look.activity();
      }),
      lab.onDoom(() => void this.#look.lookAtMemory()),
      lab.onReport((report) =>
        this.#events.send({ kind: "report", report: inWordsOfThePage(report) }),
      ),
      lab.onAutopsy((autopsy) => {
        // A panic is told by the kernel itself, in a report.
        if (autopsy.finding.kind !== "panicked") this.#events.send({ kind: "autopsy", autopsy });
      }),
      lab.onHolder((holder) => this.#events.send({ kind: "holder", holder })),
      lab.onBlocked((autopsy) => this.#events.send({ kind: "autopsy", autopsy })),
      lab.packs.onFetch((fetch) => this.#events.send({ kind: "pack", fetch: packEvent(fetch) })),
      watchUserFiles(lab, (event) => this.#events.file(event)),
    ];
  }

  async checkpoint(name: string): Promise<CheckpointInfo> {
    this.#checkpoints.requireRoom();
    await this.#look.look();
    const checkpoint = await this.lab.checkpoint();
    this.#look.remember(checkpoint);
    return this.#checkpoints.add(name, checkpoint);
  }

  /**
   * Puts the guest back, with the terminal's size as it is now.
   * @param id of a checkpoint; by default the one that was made or gone back to last
   * @returns the milliseconds until the guest answered
   */
  async goBack(id?: number): Promise<number> {
    const began = performance.now();
    // One after the other: a second restore under the first would cut off its answer.
    const back = this.#wayBack.then(() => {
      const checkpoints = this.#checkpoints;
      return this.lab.restore(id === undefined ? checkpoints.current : checkpoints.select(id));
    });
    this.#wayBack = back.catch(() => undefined);
    await back;
    const answeredMs = performance.now() - began;
    // What is typed next finds the terminal as large as it is.
    await this.#size.tell();
    return answeredMs;
  }

  resize(columns: number, rows: number): Promise<void> {
    return this.#size.set(columns, rows);
  }

  forget(id: number): void {
    this.#checkpoints.forget(id);
  }

  async resetFolder(folder: string): Promise<void> {
    this.course.reset(folder);
    await this.goBack(this.#checkpoints.startId);
  }

  async decodeReport(report: Report): Promise<LabReport> {
    return inWordsOfThePage(await this.lab.decodeReport(report));
  }

  async close(): Promise<void> {
    for (const item of this.#listening) item[Symbol.dispose]();
    this.#events[Symbol.dispose]();
    await this.lab.close();
  }

  #wentBack(): void {
    this.#tellAnew();
    this.#gauge.reset();
    this.#look.reset(this.#checkpoints.current);
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

/** What a lab says of a file that it could not read is advice for a command line. */
function inWordsOfThePage(report: LabReport): LabReport {
  const missing = report.missing.map(({ error, ...rest }) =>
    error === undefined ? rest : { ...rest, reason: labFailure(error).message },
  );
  return { ...report, missing };
}

function packEvent(fetch: PackFetch): PackEvent {
  if (fetch.state !== "failed") return fetch;
  return { state: "failed", pack: fetch.pack, failure: labFailure(fetch.error) };
}
