import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Timers } from "../../../emulator/console/timers.js";
import type { Problem } from "./problems.js";

/** What a step of a job does. */
export type StepWhat =
  /** @property file what is made: `hello.ko`, `a.out` */
  | { readonly kind: "build"; readonly file: string }
  /** The machine goes back to the last snapshot. */
  | { readonly kind: "rescue" }
  | { readonly kind: "snapshot" }
  /** A line typed at the guest's terminal. */
  | { readonly kind: "type"; readonly line: string };

export type StepState = "running" | "done" | "failed" | "cancelled";

export interface JobStep {
  readonly what: StepWhat;
  readonly state: StepState;
  /** How long it took; undefined while it runs. */
  readonly ms?: number;
  /** How it ended, in a few words: `1 warning`, `exit status 0`. */
  readonly detail?: string;
  /** Why it failed, in sentences. */
  readonly why?: string;
  readonly problems?: readonly Problem[];
  /** What the compiler wrote, with its colours. */
  readonly output?: string;
  /** What the program printed. */
  readonly lines?: readonly string[];
  /** Lines that it printed and that are not kept. */
  readonly linesLeftOut?: number;
}

/** How a job ended. */
export type JobEnd =
  | { readonly kind: "built" }
  /** Something is wrong with a source. */
  | { readonly kind: "not-built" }
  /** @property hasTest whether there was one, which ended with exit status 0 */
  | { readonly kind: "ran"; readonly hasTest: boolean }
  | { readonly kind: "not-loaded" }
  /** @property status as the shell has it: 128 and more for a signal */
  | { readonly kind: "test-failed"; readonly status: number }
  /** The machine takes no more input: it is frozen, panicked or off. */
  | { readonly kind: "down" }
  /** @property byNewer a newer job has taken its place */
  | { readonly kind: "cancelled"; readonly byNewer: boolean }
  /** It could not be done, for reasons that are not in the source. */
  | { readonly kind: "failed"; readonly why: string };

/** A build, or a run, as it goes. */
export interface Job {
  readonly kind: "build" | "run";
  readonly folder: string;
  readonly steps: readonly JobStep[];
  /** Undefined while it goes on. */
  readonly end?: JobEnd;
  /** It took the place of one that was not over. */
  readonly tookOver: boolean;
  /** The reports and autopsies that were there before, by the last one's id. */
  readonly reportsBefore: number;
  /** Those that there were a moment after its end; later ones are not of it. */
  readonly reportsAtEnd?: number;
}

/** What a step is told while it goes on and when it is over. */
export type StepNews = Omit<JobStep, "what" | "state" | "ms">;

/** Of what a test prints, so much is kept. */
const MOST_LINES = 200;

/** Writes down how a job goes. */
export class JobRecord {
  readonly #job: Signal<Job>;
  readonly #timers: Pick<Timers, "now">;
  readonly job: ReadonlySignal<Job>;

  constructor(job: Omit<Job, "steps">, timers: Pick<Timers, "now">) {
    this.#job = signal<Job>({ ...job, steps: [] });
    this.job = this.#job;
    this.#timers = timers;
  }

  begin(what: StepWhat): StepRecord {
    const began = this.#timers.now();
    const index = this.#job.peek().steps.length;
    const put = (step: JobStep): void => {
      const job = this.#job.peek();
      this.#job.value = { ...job, steps: job.steps.toSpliced(index, 1, step) };
    };
    put({ what, state: "running" });
    return new StepRecord(
      () => this.#job.peek().steps[index] ?? { what, state: "running" },
      put,
      () => this.#timers.now() - began,
    );
  }

  /** Nothing of it goes on after this. */
  end(end: JobEnd): void {
    const job = this.#job.peek();
    const rest = end.kind === "cancelled" ? "cancelled" : "failed";
    const steps = job.steps.map((step) =>
      step.state === "running" ? { ...step, state: rest } : step,
    ) satisfies readonly JobStep[];
    this.#job.value = { ...job, steps, end };
  }

  /** What is reported from now on is not of this job. */
  closeReports(reportsAtEnd: number): void {
    this.#job.value = { ...this.#job.peek(), reportsAtEnd };
  }
}

/** One of a job's steps, to be written down. */
export class StepRecord {
  readonly #step: () => JobStep;
  readonly #put: (step: JobStep) => void;
  readonly #elapsed: () => number;

  constructor(step: () => JobStep, put: (step: JobStep) => void, elapsed: () => number) {
    this.#step = step;
    this.#put = put;
    this.#elapsed = elapsed;
  }

  /** What the step's program has printed, as far as it is kept. */
  get lines(): readonly string[] {
    return this.#step().lines ?? [];
  }

  /** A line that the step's program has printed. */
  readonly printed = (line: string): void => {
    const step = this.#step();
    const { lines = [], linesLeftOut = 0 } = step;
    if (lines.length < MOST_LINES) this.#put({ ...step, lines: [...lines, line] });
    else this.#put({ ...step, linesLeftOut: linesLeftOut + 1 });
  };

  done(news: StepNews = {}): void {
    this.#put({ ...this.#step(), ...news, state: "done", ms: this.#elapsed() });
  }

  failed(news: StepNews = {}): void {
    this.#put({ ...this.#step(), ...news, state: "failed", ms: this.#elapsed() });
  }
}
