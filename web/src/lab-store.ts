import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type {
  BuildFetchEvent,
  CheckpointInfo,
  GuestView,
  LabEvent,
  LabFailure,
  LabInfo,
  MachineStatus,
  PackEvent,
  StartEvent,
  WhatToBuild,
} from "../../emulator/browser/protocol.js";
import type { LabBuild } from "../../emulator/lab/build/build.js";
import type { KernelRecord, LabReport } from "../../emulator/lab/index.js";
import {
  type BuildDownload,
  type PartDownload,
  together,
  withDownload,
  withPart,
} from "./lab-build-fetches.js";
import { type ShownAutopsy, withAutopsy, withHolder } from "./shown-autopsies.js";
import { dismissPast, leaveBehind, type ShownReport } from "./shown-reports.js";

export type StartState =
  | { readonly phase: "starting"; readonly event: StartEvent | undefined }
  | { readonly phase: "ready" }
  | { readonly phase: "failed"; readonly failure: LabFailure };

/** How a build ended. */
export type BuildEnd =
  /** With something built, or with what is wrong with the source. */
  | { readonly phase: "ended"; readonly build: LabBuild }
  /** Also one that was cancelled (`aborted`). */
  | { readonly phase: "failed"; readonly failure: LabFailure };

/** The build that a person asked for last in the page. */
export type BuildState = { readonly what: WhatToBuild } & (
  | { readonly phase: "running" }
  | BuildEnd
);

/** A place in a source that the editor shall show. */
export interface SourceTarget {
  /** In the guest, or as the debug information names a file of the kernel's. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

const NOTHING_RUNS: MachineStatus = {
  state: "idle",
  instructionsPerSecond: 0,
  guestMs: 0,
  place: undefined,
};

/** Messages that the page keeps; the kernel's own buffer holds fewer. */
const KEPT_RECORDS = 20_000;

/**
 * What the page knows of the lab, as signals that components read. It is told events and has
 * no way to the worker: what a person does goes by `LabActions`.
 */
export class LabStore {
  readonly #start = signal<StartState>({ phase: "starting", event: undefined });
  readonly #info = signal<LabInfo | undefined>(undefined);
  readonly #status = signal(NOTHING_RUNS);
  readonly #kernelLog = signal<readonly KernelRecord[]>([]);
  readonly #reports = signal<readonly ShownReport[]>([]);
  readonly #autopsies = signal<readonly ShownAutopsy[]>([]);
  readonly #seenAutopsy = signal<number | undefined>(undefined);
  readonly #askedForReports = signal(0);
  readonly #guest = signal<GuestView>({ modules: [], devices: [], asOf: -1 });
  readonly #checkpoints = signal<readonly CheckpointInfo[]>([]);
  readonly #pack = signal<PackEvent | undefined>(undefined);
  readonly #buildFetches = signal<readonly BuildFetchEvent[]>([]);
  readonly #downloads = signal<readonly PartDownload[]>([]);
  readonly #build = signal<BuildState | undefined>(undefined);
  readonly #target = signal<SourceTarget | undefined>(undefined);
  readonly #opened = signal<string | undefined>(undefined);
  #lastReportId = 0;

  readonly start: ReadonlySignal<StartState> = this.#start;
  readonly info: ReadonlySignal<LabInfo | undefined> = this.#info;
  readonly status: ReadonlySignal<MachineStatus> = this.#status;
  readonly kernelLog: ReadonlySignal<readonly KernelRecord[]> = this.#kernelLog;
  /** In the order in which they came; those of the past are in front. */
  readonly reports: ReadonlySignal<readonly ShownReport[]> = this.#reports;
  /** What was found in machines that were opened up; the past in front. */
  readonly autopsies: ReadonlySignal<readonly ShownAutopsy[]> = this.#autopsies;
  /** That of the machine as it is now. */
  readonly autopsy: ReadonlySignal<ShownAutopsy | undefined> = computed(() =>
    this.#autopsies.value.find(({ isPast }) => !isPast),
  );
  /** The autopsy that was on the screen last, with all that is known. */
  readonly seenAutopsy: ReadonlySignal<number | undefined> = this.#seenAutopsy;
  /** How many reports the machine as it runs now has made; an autopsy is one, too. */
  readonly currentReports: ReadonlySignal<number> = computed(
    () =>
      this.#reports.value.filter(({ isPast }) => !isPast).length +
      (this.autopsy.value === undefined ? 0 : 1),
  );
  /** Grows when somebody wants to see the reports. */
  readonly askedForReports: ReadonlySignal<number> = this.#askedForReports;
  readonly guest: ReadonlySignal<GuestView> = this.#guest;
  readonly checkpoints: ReadonlySignal<readonly CheckpointInfo[]> = this.#checkpoints;
  readonly pack: ReadonlySignal<PackEvent | undefined> = this.#pack;
  /** The last that was told of each part that builds need, in the order in which they began. */
  readonly buildFetches: ReadonlySignal<readonly BuildFetchEvent[]> = this.#buildFetches;
  /** Undefined when nothing is being downloaded for builds. */
  readonly buildDownload: ReadonlySignal<BuildDownload | undefined> = computed(() =>
    together(this.#downloads.value),
  );
  /** Undefined until the first one, and after a new start. */
  readonly build: ReadonlySignal<BuildState | undefined> = this.#build;
  /** What the editor was last asked to show. */
  readonly target: ReadonlySignal<SourceTarget | undefined> = this.#target;
  /** What a person opened in the editor last, by its tab. */
  readonly opened: ReadonlySignal<string | undefined> = this.#opened;

  /** The terminal's output goes to the terminal, and files to the editor: not through here. */
  take(event: LabEvent): void {
    switch (event.kind) {
      case "start":
        this.#start.value = { phase: "starting", event: event.start };
        if (this.#reports.value.length > 0) this.#reports.value = [];
        if (this.#autopsies.value.length > 0) this.#autopsies.value = [];
        if (this.#buildFetches.value.length > 0) this.#buildFetches.value = [];
        if (this.#downloads.value.length > 0) this.#downloads.value = [];
        this.#build.value = undefined;
        break;
      case "kernel-log":
        this.#kernelLog.value = [...this.#kernelLog.value, ...event.records].slice(-KEPT_RECORDS);
        break;
      case "kernel-log-reset":
        this.#kernelLog.value = event.records;
        break;
      case "report":
        this.#reports.value = [
          ...this.#reports.value,
          { id: this.#nextId(), decoded: event.report, isPast: false },
        ];
        break;
      case "autopsy":
        this.#autopsies.value = withAutopsy(this.#autopsies.value, event.autopsy, this.#nextId);
        break;
      case "holder":
        this.#autopsies.value = withHolder(this.#autopsies.value, event.holder);
        break;
      case "reports-reset":
        this.#reports.value = leaveBehind(this.#reports.value);
        this.#autopsies.value = leaveBehind(this.#autopsies.value);
        break;
      case "status":
        this.#status.value = event.status;
        break;
      case "guest":
        this.#guest.value = event.guest;
        break;
      case "checkpoints":
        this.#checkpoints.value = event.checkpoints;
        break;
      case "pack":
        this.#pack.value = event.fetch;
        break;
      case "build-fetch":
        this.#buildFetches.value = withPart(this.#buildFetches.value, event.fetch);
        this.#downloads.value = withDownload(this.#downloads.value, event.fetch);
        break;
    }
  }

  started(info: LabInfo): void {
    this.#info.value = info;
    this.#start.value = { phase: "ready" };
  }

  failed(failure: LabFailure): void {
    this.#start.value = { phase: "failed", failure };
  }

  /** A build has begun. @returns what tells how it ends, unless a newer one has begun by then. */
  buildBegan(what: WhatToBuild): (end: BuildEnd) => void {
    const running: BuildState = { phase: "running", what };
    this.#build.value = running;
    return (end) => {
      if (this.#build.value === running) this.#build.value = { ...end, what };
    };
  }

  /** Forgets the reports and autopsies of the past, or one of them. */
  dismissReports(id?: number): void {
    this.#reports.value = dismissPast(this.#reports.value, id);
    this.#autopsies.value = dismissPast(this.#autopsies.value, id);
  }

  /** An autopsy was on the screen, with all that is known. */
  sawAutopsy(id: number): void {
    this.#seenAutopsy.value = id;
  }

  /** Somebody wants to see the reports. */
  askForReports(): void {
    this.#askedForReports.value++;
  }

  /** A report was decoded once more. */
  replaceReport(id: number, decoded: LabReport): void {
    this.#reports.value = this.#reports.value.map((shown) =>
      shown.id === id ? { ...shown, decoded } : shown,
    );
  }

  readonly #nextId = (): number => ++this.#lastReportId;

  open(path: string): void {
    this.#opened.value = path;
  }

  show(target: SourceTarget): void {
    this.#target.value = target;
  }
}
