import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type {
  CheckpointInfo,
  GuestView,
  LabEvent,
  LabFailure,
  LabInfo,
  MachineStatus,
  PackEvent,
  StartEvent,
} from "../../emulator/browser/protocol.js";
import type { KernelRecord, LabReport } from "../../emulator/lab/index.js";
import { dismissPast, leaveBehind, type ShownReport } from "./shown-reports.js";

export type StartState =
  | { readonly phase: "starting"; readonly event: StartEvent | undefined }
  | { readonly phase: "ready" }
  | { readonly phase: "failed"; readonly failure: LabFailure };

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
  readonly #guest = signal<GuestView>({ modules: [], devices: [], asOf: -1 });
  readonly #checkpoints = signal<readonly CheckpointInfo[]>([]);
  readonly #pack = signal<PackEvent | undefined>(undefined);
  readonly #target = signal<SourceTarget | undefined>(undefined);
  readonly #opened = signal<string | undefined>(undefined);
  #lastReportId = 0;

  readonly start: ReadonlySignal<StartState> = this.#start;
  readonly info: ReadonlySignal<LabInfo | undefined> = this.#info;
  readonly status: ReadonlySignal<MachineStatus> = this.#status;
  readonly kernelLog: ReadonlySignal<readonly KernelRecord[]> = this.#kernelLog;
  /** In the order in which they came; those of the past are in front. */
  readonly reports: ReadonlySignal<readonly ShownReport[]> = this.#reports;
  /** How many the machine as it runs now has made. */
  readonly currentReports: ReadonlySignal<number> = computed(
    () => this.#reports.value.filter(({ isPast }) => !isPast).length,
  );
  readonly guest: ReadonlySignal<GuestView> = this.#guest;
  readonly checkpoints: ReadonlySignal<readonly CheckpointInfo[]> = this.#checkpoints;
  readonly pack: ReadonlySignal<PackEvent | undefined> = this.#pack;
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
          { id: ++this.#lastReportId, decoded: event.report, isPast: false },
        ];
        break;
      case "reports-reset":
        this.#reports.value = leaveBehind(this.#reports.value);
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
    }
  }

  started(info: LabInfo): void {
    this.#info.value = info;
    this.#start.value = { phase: "ready" };
  }

  failed(failure: LabFailure): void {
    this.#start.value = { phase: "failed", failure };
  }

  /** Forgets the reports of the past, or one of them. */
  dismissReports(id?: number): void {
    this.#reports.value = dismissPast(this.#reports.value, id);
  }

  /** A report was decoded once more. */
  replaceReport(id: number, decoded: LabReport): void {
    this.#reports.value = this.#reports.value.map((shown) =>
      shown.id === id ? { ...shown, decoded } : shown,
    );
  }

  open(path: string): void {
    this.#opened.value = path;
  }

  show(target: SourceTarget): void {
    this.#target.value = target;
  }
}
