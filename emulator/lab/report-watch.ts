import type { KernelRecord } from "../console/index.js";
import { Emitter, type Event } from "../machine/emitter.js";
import type { Machine } from "../machine/machine.js";
import { type Report, ReportStream } from "../reports/index.js";
import type { LabReport, ReportDecoder } from "./report-decoder.js";

/** Guest time without a message after which a report that has begun is over, milliseconds. */
const QUIET_MS = 50;
/** A module can warn in a loop; nobody reads more than that of one boot. */
const MOST_REPORTS = 1000;

/** Finds the reports in a guest's log as it grows, and decodes them. */
export class ReportWatch {
  readonly #machine: Machine;
  readonly #decoder: ReportDecoder;
  readonly #decoded = new Emitter<LabReport>();
  /** Each report, in the order of the log, when it is over and decoded. */
  readonly onReport: Event<LabReport> = this.#decoded.on;
  #stream = this.#newStream();
  /** A report has begun and is not known to be over. */
  #isReading = false;
  #quiet: Disposable | undefined;
  /** Those who wait until no report is being read. */
  readonly #waiting: (() => void)[] = [];
  #reports: Promise<LabReport>[] = [];
  /** Grows when the guest goes back: what was found before is of another past. */
  #epoch = 0;

  constructor(machine: Machine, decoder: ReportDecoder) {
    this.#machine = machine;
    this.#decoder = decoder;
  }

  /** How many reports the guest has made, those that are still being decoded included. */
  get count(): number {
    return this.#reports.length;
  }

  kernelRecord(record: KernelRecord): void {
    this.#take(this.#stream.push(record));
    if (!this.#isReading) return;
    this.#quiet?.[Symbol.dispose]();
    this.#quiet = this.#machine.afterGuestMs(QUIET_MS, () => this.flush());
  }

  /** Nothing more comes: what has begun is over. */
  flush(): void {
    this.#take(this.#stream.end());
    this.#stopReading();
  }

  /** The reports since there were `count`, once those that have begun are over and decoded. */
  async since(count: number): Promise<LabReport[]> {
    if (this.#isReading) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return Promise.all(this.#reports.slice(count));
  }

  /** The guest was put back to a state in which it had made no report that anybody waits for. */
  reset(): void {
    this.#stream = this.#newStream();
    this.#reports = [];
    this.#epoch++;
    this.#stopReading();
  }

  [Symbol.dispose](): void {
    this.reset();
  }

  #stopReading(): void {
    this.#quiet?.[Symbol.dispose]();
    this.#quiet = undefined;
    this.#isReading = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #newStream(): ReportStream {
    return new ReportStream({
      onBegin: () => {
        this.#isReading = true;
      },
    });
  }

  #take(reports: readonly Report[]): void {
    for (const report of reports) {
      if (this.#reports.length < MOST_REPORTS) this.#decode(report);
    }
  }

  #decode(report: Report): void {
    const before = this.#reports.at(-1);
    const epoch = this.#epoch;
    const decoded = this.#decoder.decode(report);
    this.#reports.push(decoded);
    // Emitted in the order of the log, whichever is decoded first. A decoder only fails by a
    // bug, which is for whoever awaits the reports to see.
    void Promise.allSettled([before, decoded]).then(([, result]) => {
      if (epoch === this.#epoch && result.status === "fulfilled") this.#decoded.emit(result.value);
    });
  }
}
