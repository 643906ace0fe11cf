import { effect, type ReadonlySignal, signal } from "@preact/signals";
import {
  CourseGuide,
  type CourseProgress,
  type GuideEvent,
  type GuideSection,
  guideSections,
  lineOfEdit,
  makeEdit,
  SectionFiles,
  type StepAction,
  type StepDone,
} from "../../../emulator/lab/course/guide/index.js";
import type { KernelRecord } from "../../../emulator/lab/index.js";
import { folderOf } from "../editor/tab-names.js";
import type { PageLab } from "../lab-context.js";
import { lineOf } from "./line-of.js";
import { newRecords } from "./new-records.js";

type CourseLab = Pick<PageLab, "store" | "actions" | "storage">;

/** The course of this page: tells the guide what happens, and keeps its progress. */
export class CourseModel {
  readonly #lab: CourseLab;
  readonly #guide: CourseGuide;
  readonly #progress;
  readonly #done = signal<readonly StepDone[]>([]);
  readonly #selected;
  /** The progress that is stored, as text. */
  #kept: string;

  readonly progress: ReadonlySignal<CourseProgress>;
  /** The steps that turned done last, together. */
  readonly done: ReadonlySignal<readonly StepDone[]> = this.#done;
  /** The section that is shown. */
  readonly selected: ReadonlySignal<string>;

  constructor(lab: CourseLab) {
    this.#lab = lab;
    this.#guide = new CourseGuide(lab.storage.progress.read());
    this.#progress = signal(this.#guide.progress);
    this.progress = this.#progress;
    this.#selected = signal(this.#guide.progress.currentSection);
    this.selected = this.#selected;
    this.#kept = JSON.stringify(this.#guide.save());
    this.#listen();
  }

  select(sectionId: string): void {
    this.#selected.value = sectionId;
  }

  /** Types a line, opens a file. A rescue and a build are the page's. */
  async act(action: Exclude<StepAction, { kind: "rescue" | "build" }>): Promise<void> {
    const { actions, store } = this.#lab;
    switch (action.kind) {
      case "type":
        actions.typeCommand(action.line);
        break;
      case "explain":
        store.askForReports();
        break;
      case "edit": {
        const { path, wanted } = action;
        const text = await actions.readFile(path);
        store.show({ path, line: lineOfEdit(text, wanted.edit), column: 1 });
        break;
      }
      case "show": {
        const { path, at } = action;
        const text = await actions.readFile(path);
        store.show({ path, line: lineOf(text, at), column: 1 });
        break;
      }
    }
  }

  /** Makes the edit of a step for the person, and shows what that has changed. */
  async edit(action: StepAction & { readonly kind: "edit" }): Promise<void> {
    const { actions, store } = this.#lab;
    const { path, wanted } = action;
    const text = await makeEdit(actions, action);
    if (wanted.state === "whole") {
      store.show({ path, line: lineOfEdit(text, wanted.edit), column: 1 });
    } else {
      store.show({ path: `${folderOf(path)}/${wanted.edit.patch}`, line: 1, column: 1 });
    }
  }

  /** Puts a section and the guest back to how they were at the start. */
  async reset({ id, folder }: GuideSection): Promise<void> {
    await this.#lab.actions.resetSection(folder);
    this.#guide.reset(id);
    this.#done.value = [];
    this.#keep();
  }

  #listen(): void {
    const { store, actions } = this.#lab;
    actions.onTerminal((event) =>
      this.#observe(
        event.kind === "reset"
          ? { kind: "terminal-reset", backlog: event.backlog }
          : { kind: "terminal", bytes: event.bytes },
      ),
    );
    const sectionFiles = new SectionFiles(guideSections, actions, (event) => this.#observe(event));
    actions.onFiles((files) => sectionFiles.changed(files));
    effect(() => {
      if (store.start.value.phase === "ready") sectionFiles.begin();
    });
    let known: readonly KernelRecord[] = [];
    effect(() => {
      const records = store.kernelLog.value;
      const more = newRecords(known, records);
      known = records;
      if (more === undefined) this.#observe({ kind: "kernel-log-reset", records });
      else if (more.length > 0) this.#observe({ kind: "kernel-log", records: more });
    });
    effect(() => this.#observe({ kind: "guest", guest: store.guest.value }));
    effect(() => this.#observe({ kind: "status", status: store.status.value }));
    let newest = 0;
    effect(() => {
      const report = store.reports.value.at(-1);
      // The list changes also when the machine goes back, or a report is dismissed.
      if (report === undefined || report.isPast || report.id <= newest) return;
      newest = report.id;
      this.#observe({ kind: "report", report: report.decoded });
    });
    effect(() => {
      const seen = store.seenAutopsy.value;
      if (seen !== undefined && seen === store.autopsy.peek()?.id) {
        this.#observe({ kind: "autopsy-shown" });
      }
    });
    effect(() => {
      const target = store.target.value;
      if (target !== undefined) this.#observe({ kind: "shown", path: target.path });
    });
    effect(() => {
      const path = store.opened.value;
      if (path !== undefined) this.#observe({ kind: "shown", path });
    });
  }

  #observe(event: GuideEvent): void {
    const done = this.#guide.observe(event);
    if (this.#guide.progress === this.#progress.peek()) return;
    if (done.length > 0) this.#turnedDone(done);
    this.#keep();
  }

  #turnedDone(done: readonly StepDone[]): void {
    this.#done.value = done;
    // Whoever works on by typing is followed.
    const section = done.at(-1)?.section.id;
    if (section !== undefined) this.#selected.value = section;
  }

  #keep(): void {
    this.#progress.value = this.#guide.progress;
    const saved = this.#guide.save();
    const text = JSON.stringify(saved);
    // Most of what changes is where the shell is.
    if (text === this.#kept) return;
    this.#kept = text;
    this.#lab.storage.progress.write(saved);
  }
}

const models = new WeakMap<PageLab, CourseModel>();

/** The course of a page's lab. It lasts as long as the page, whichever components show it. */
export function courseOf(lab: PageLab): CourseModel {
  const model = models.get(lab) ?? new CourseModel(lab);
  models.set(lab, model);
  return model;
}
