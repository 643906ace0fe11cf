import {
  CourseGuide,
  type EditableFiles,
  type FileReader,
  type GuideEvent,
  guideSections,
  makeEdit,
  SectionFiles,
  type StepAction,
  type StepProgress,
} from "../index.js";
import type { SavedProgress } from "../saved-progress.js";
import { Transcript } from "../transcript.js";

/** What a worker with a lab tells a page: a guide hears of most of it. */
type HostEvent =
  | GuideEvent
  | {
      readonly kind: "files";
      readonly files: readonly { readonly path: string; readonly change: string }[];
    }
  | {
      readonly kind:
        | "start"
        | "pack"
        | "build-fetch"
        | "checkpoints"
        | "reports-reset"
        | "autopsy"
        | "holder";
    };

/** A lab as a page drives it. */
export interface StudentHost extends EditableFiles, FileReader {
  start(onEvent: (event: HostEvent) => void): Promise<unknown>;
  type(keys: Uint8Array): void;
  rescue(): Promise<unknown>;
  resetFolder(folder: string): Promise<void>;
  /** Builds the folder's module. */
  build(folder: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Guest milliseconds that a thing may take. gdb's first start takes 5 s of them. */
const BOUND_MS = 60_000;

/** Somebody at a page's terminal, with the guide beside. */
export class Student implements AsyncDisposable {
  readonly host: StudentHost;
  readonly guide: CourseGuide;
  readonly #transcript = new Transcript((fact) => {
    if (fact.kind === "prompt") this.#prompt = fact.of;
    else if (fact.kind === "command") this.#prompt = undefined;
    this.lastFacts = [...this.lastFacts, JSON.stringify(fact)].slice(-20);
  });
  readonly #sectionFiles: SectionFiles;
  /** What waits for input. */
  #prompt: "shell" | "gdb" | undefined;
  #guestMs = 0;
  #look: () => void = () => undefined;
  lastFacts: readonly string[] = [];
  /** `section/step` of what turned done, in that order. */
  readonly done: string[] = [];

  private constructor(host: StudentHost, saved?: SavedProgress) {
    this.host = host;
    this.guide = new CourseGuide(saved);
    this.#sectionFiles = new SectionFiles(guideSections, host, (event) => this.#observe(event));
  }

  /** Starts the lab and waits for its prompt. */
  static async arrive(host: StudentHost, saved?: SavedProgress): Promise<Student> {
    const student = new Student(host, saved);
    await host.start((event) => student.#take(event));
    student.#sectionFiles.begin();
    await student.prompt();
    return student;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.close();
  }

  /** Types a line where one is waited for, and waits until the next one is. */
  async types(line: string): Promise<void> {
    this.send(`${line}\n`);
    await this.prompt(line);
  }

  /** Types keys and does not wait. */
  send(keys: string): void {
    if (keys.includes("\n")) this.#prompt = undefined;
    this.host.type(new TextEncoder().encode(keys));
  }

  prompt(after = "the start"): Promise<void> {
    return this.until(`a prompt after ${after}`, () => this.#prompt !== undefined);
  }

  /** Waits for steps, named `section/step`. */
  sees(...steps: readonly string[]): Promise<void> {
    return this.until(steps.join(" and "), () => steps.every((step) => this.done.includes(step)));
  }

  /** A file was opened in the page. */
  reads(path: string): void {
    this.#observe({ kind: "shown", path });
  }

  /** Does what a step's button does. */
  async presses(action: StepAction | undefined): Promise<void> {
    if (action === undefined) throw new Error("The button does nothing yet.");
    if (action.kind === "show") this.reads(action.path);
    else if (action.kind === "explain") this.#observe({ kind: "autopsy-shown" });
    else if (action.kind === "rescue") await this.host.rescue();
    else if (action.kind === "edit") await makeEdit(this.host, action);
    else if (action.kind === "build") await this.host.build(action.folder);
    else this.send(`${action.line}\n`);
  }

  step(id: string): StepProgress {
    const steps = this.guide.progress.sections.flatMap(({ section, steps }) =>
      steps.filter(({ step }) => `${section.id}/${step.id}` === id),
    );
    const [step] = steps;
    if (step === undefined) throw new Error(`There is no step ${id}.`);
    return step;
  }

  /** Waits until something is so, looking at each event. */
  until(what: string, isSo: () => boolean): Promise<void> {
    const limit = this.#guestMs + BOUND_MS;
    return new Promise((resolve, reject) => {
      this.#look = () => {
        if (isSo()) resolve();
        else if (this.#guestMs > limit) reject(new Error(this.#describe(what)));
        else return;
        this.#look = () => undefined;
      };
      this.#look();
    });
  }

  #take(event: HostEvent): void {
    switch (event.kind) {
      case "start":
      case "pack":
      case "build-fetch":
      case "checkpoints":
      case "reports-reset":
      case "autopsy":
      case "holder":
        break;
      case "files":
        this.#sectionFiles.changed(event.files);
        break;
      case "terminal":
        this.#transcript.push(event.bytes);
        this.#observe(event);
        break;
      case "terminal-reset":
        this.#prompt = undefined;
        this.#transcript.reset(event.backlog);
        this.#observe(event);
        break;
      case "kernel-log-reset":
        this.#transcript.kernelPrintedUpTo(event.records.at(-1)?.microseconds ?? -1);
        this.#observe(event);
        break;
      case "status":
        this.#guestMs = event.status.guestMs;
        this.#observe(event);
        break;
      default:
        this.#observe(event);
    }
    this.#look();
  }

  #observe(event: GuideEvent): void {
    for (const { section, step } of this.guide.observe(event)) {
      this.done.push(`${section.id}/${step.id}`);
    }
    this.#look();
  }

  #describe(what: string): string {
    return (
      `${what}: not seen within ${BOUND_MS} ms of guest time. Done: ${this.done.join(", ")}. ` +
      `At the terminal:\n${this.lastFacts.join("\n")}`
    );
  }
}
