import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { labFailure } from "../../../emulator/browser/failure.js";
import { hostTimers, type Timers } from "../../../emulator/console/timers.js";
import { LabActionError } from "../lab-actions.js";
import type { PageLab } from "../lab-context.js";
import type { BuildPlan, Planned } from "./build-plan.js";
import { buildAll } from "./build-steps.js";
import { GuestShell } from "./guest-shell.js";
import { type Job, type JobEnd, JobRecord } from "./job.js";
import type { Problem } from "./problems.js";
import { RunSnapshot } from "./run-snapshot.js";
import { runModules } from "./run-steps.js";

/** The file in front, and the folder that is built because of it. */
export interface ShownSource {
  readonly folder: string;
  readonly path: string;
}

/** What a build asks of the editor. */
export interface SourceEditor {
  readonly shown: ShownSource | undefined;
  /** Writes what is not written yet. @returns names of files in the folder that could not be. */
  save(folder: string): Promise<readonly string[]>;
}

type BuildLab = Pick<PageLab, "store" | "actions" | "panes">;

/** A report is decoded in less: what the kernel says of a run is told by then, ms. */
const REPORTED_MS = 2000;

/** A newer job has taken this one's place. */
const BY_NEWER = new LabActionError({ code: "superseded", message: "A newer one took its place." });
const BY_PERSON = new LabActionError({ code: "aborted", message: "It was cancelled." });

/**
 * Builds and runs what the editor shows. One job goes on at a time; a newer one ends the one
 * before it, whatever that is doing.
 */
export class BuildModel {
  readonly #lab: BuildLab;
  readonly #timers: Timers;
  readonly #record = signal<JobRecord | undefined>(undefined);
  readonly #problems = signal<ReadonlyMap<string, readonly Problem[]>>(new Map());
  readonly #current = signal<Problem | undefined>(undefined);
  readonly #isBusy = signal(false);
  #editor: SourceEditor | undefined;
  #snapshot: RunSnapshot;
  #abort: AbortController | undefined;
  /** Settles when the job that runs is over. */
  #over: Promise<void> = Promise.resolve();

  /** The last one, or the one that goes on. */
  readonly job: ReadonlySignal<Job | undefined> = computed(() => this.#record.value?.job.value);
  readonly isBusy: ReadonlySignal<boolean> = this.#isBusy;
  /** What is wrong with the sources of all that was built, by the path of what was to be made. */
  readonly problems: ReadonlySignal<ReadonlyMap<string, readonly Problem[]>> = this.#problems;
  /** The problem that a person goes through the sources from. */
  readonly current: ReadonlySignal<Problem | undefined> = this.#current;
  /** Whether the steps of the last job are shown, or only how it ended. */
  readonly isOpen: Signal<boolean> = signal(false);

  constructor(lab: BuildLab, timers = hostTimers()) {
    this.#lab = lab;
    this.#timers = timers;
    this.#snapshot = new RunSnapshot(lab.actions);
    effect(() => {
      // Another machine: its snapshots are others, too.
      if (lab.store.start.value.phase === "starting") this.#snapshot = new RunSnapshot(lab.actions);
    });
  }

  /** From now on jobs are about what this editor shows. */
  attach(editor: SourceEditor): Disposable {
    this.#editor = editor;
    return {
      [Symbol.dispose]: () => {
        if (this.#editor === editor) this.#editor = undefined;
      },
    };
  }

  /** Builds the modules of the folder that is shown; the test program, too, when it is in front. */
  async build(): Promise<void> {
    const shown = this.#editor?.shown;
    if (shown !== undefined) await this.#start("build", shown);
  }

  /** Builds the modules of a folder, whatever is shown. */
  buildFolder(folder: string): Promise<void> {
    return this.#start("build", { folder, path: "" });
  }

  /** Builds all of the folder that is shown, loads the modules and runs the test program. */
  async run(): Promise<void> {
    const shown = this.#editor?.shown;
    if (shown !== undefined) await this.#start("run", shown);
  }

  /** Ends the job that goes on; a program that it has started is interrupted. */
  cancel(): void {
    this.#cancel(BY_PERSON);
  }

  /** Shows where a problem is, and goes on from it. */
  show(problem: Problem): void {
    this.#current.value = problem;
    // A new wish each time, also for the place where one is.
    if (problem.place !== undefined) this.#lab.store.show({ ...problem.place });
  }

  /** Shows the next problem that has a place, or the one before. @returns whether there is one. */
  showNext(step: 1 | -1): boolean {
    const placed = [...this.#problems.peek().values()]
      .flat()
      .filter(({ place }) => place !== undefined);
    const current = this.#current.peek();
    const at = current === undefined ? -1 : placed.indexOf(current);
    const next = at < 0 && step < 0 ? placed.length - 1 : at + step;
    const problem = placed[(next + placed.length) % placed.length];
    if (problem !== undefined) this.show(problem);
    return problem !== undefined;
  }

  /** A person writes on: how a job went well is no news any more. */
  edited(): void {
    const { end } = this.job.peek() ?? {};
    if (end?.kind === "built" || end?.kind === "ran") this.isOpen.value = false;
  }

  #cancel(reason: LabActionError): void {
    if (this.#abort === undefined) return;
    this.#abort.abort(reason);
    this.#lab.actions.cancelBuild();
  }

  async #start(kind: Job["kind"], shown: ShownSource): Promise<void> {
    const { store, panes } = this.#lab;
    const editor = this.#editor;
    if (editor === undefined || store.start.peek().phase !== "ready") return;
    const tookOver = this.#abort !== undefined;
    this.#cancel(BY_NEWER);
    const abort = new AbortController();
    this.#abort = abort;
    this.#isBusy.value = true;
    // It is told there, and its problems are beside their sources.
    panes.show("editor");
    const before = this.#over;
    let settle = (): void => undefined;
    this.#over = new Promise((resolve) => {
      settle = resolve;
    });
    // Its program is interrupted, and it types no more.
    await before;
    const reportsBefore = this.#lastReport();
    const record = new JobRecord(
      { kind, folder: shown.folder, tookOver, reportsBefore },
      this.#timers,
    );
    if (this.#abort === abort) {
      this.#record.value = record;
      if (kind === "run") this.isOpen.value = true;
    }
    const end = await this.#work(kind, shown, editor, record, abort.signal).catch(
      (error: unknown) => endOfError(abort.signal.aborted ? abort.signal.reason : error),
    );
    record.end(end);
    this.#timers.after(REPORTED_MS, () => record.closeReports(this.#lastReport()));
    if (this.#abort === abort) {
      this.#abort = undefined;
      this.#isBusy.value = false;
      if (end.kind !== "built" && end.kind !== "cancelled") this.isOpen.value = true;
    }
    settle();
  }

  async #work(
    kind: Job["kind"],
    { folder, path }: ShownSource,
    editor: SourceEditor,
    record: JobRecord,
    signal: AbortSignal,
  ): Promise<JobEnd> {
    signal.throwIfAborted();
    const unsaved = await editor.save(folder);
    signal.throwIfAborted();
    if (unsaved.length > 0) {
      const why = `${unsaved.join(", ")} could not be written: the editor says why above its text.`;
      return { kind: "failed", why };
    }
    const planned = await this.#plan(folder, path);
    signal.throwIfAborted();
    if (planned.kind === "nothing") return { kind: "failed", why: planned.why };
    if (planned.kind === "problem") return { kind: "not-built" };
    const { plan } = planned;
    const parts = {
      actions: this.#lab.actions,
      onProblems: (file: string, problems: readonly Problem[]) => this.#found(file, problems),
    };
    const isTestShown = path === `${folder}/${plan.test?.source}`;
    const test = kind === "run" || isTestShown || plan.modules.length === 0 ? plan.test : undefined;
    const choice = { modules: plan.modules, test };
    const isBuilt = await buildAll(folder, choice, parts, record, signal);
    if (!isBuilt) return { kind: "not-built" };
    return kind === "build" ? { kind: "built" } : this.#run(plan, record, signal);
  }

  async #plan(folder: string, shown: string): Promise<Planned> {
    const { actions } = this.#lab;
    const names = await actions.listFiles(folder);
    const read = (path: string): Promise<string> => actions.readFile(path);
    const { planBuild } = await loadPlanner();
    const planned = await planBuild({ path: folder, names, read }, shown);
    const makefile = `${folder}/Makefile`;
    this.#found(makefile, planned.kind === "problem" ? [planned.problem] : []);
    return planned;
  }

  async #run(plan: BuildPlan, record: JobRecord, signal: AbortSignal): Promise<JobEnd> {
    const { store, actions } = this.#lab;
    const { status, guest, currentReports, kernelLog } = store;
    // Only while it is needed: it reads all that the terminal is sent.
    const shell = new GuestShell({ actions, status, kernelLog });
    const snapshot = this.#snapshot;
    const timers = this.#timers;
    try {
      const parts = { actions, status, guest, currentReports, shell, snapshot, timers };
      return await runModules(plan, parts, record, signal);
    } finally {
      shell[Symbol.dispose]();
    }
  }

  #found(file: string, problems: readonly Problem[]): void {
    const before = this.#problems.peek();
    if (problems.length === 0 && !before.has(file)) return;
    const now = new Map(before);
    if (problems.length === 0) now.delete(file);
    else now.set(file, problems);
    this.#problems.value = now;
    this.#current.value = undefined;
  }

  #lastReport(): number {
    const { reports, autopsies } = this.#lab.store;
    return Math.max(0, ...[...reports.peek(), ...autopsies.peek()].map(({ id }) => id));
  }
}

/** Reading Makefiles is for those who build, and comes when the first one does. */
async function loadPlanner(): Promise<typeof import("./build-plan.js")> {
  try {
    return await import("./build-plan.js");
  } catch {
    const message =
      "A part of the page could not be downloaded. Check that you are online, then try again.";
    throw new LabActionError({ code: "download-failed", message });
  }
}

function endOfError(error: unknown): JobEnd {
  const { code, message } = labFailure(error);
  if (code === "superseded") return { kind: "cancelled", byNewer: true };
  if (code === "aborted") return { kind: "cancelled", byNewer: false };
  return { kind: "failed", why: message };
}

const models = new WeakMap<PageLab, BuildModel>();

/** The builds of a page's lab. They last as long as the page, whichever components show them. */
export function buildOf(lab: PageLab): BuildModel {
  const model = models.get(lab) ?? new BuildModel(lab);
  models.set(lab, model);
  return model;
}
