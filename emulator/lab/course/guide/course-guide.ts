import { FilesNow } from "./files-now.js";
import { GuestNow, MODULE } from "./guest-now.js";
import type { GuideEvent } from "./guide-event.js";
import type { CourseProgress, SectionProgress, StepDone, StepProgress } from "./progress.js";
import { actionNow, obstacleOf, type Surroundings } from "./readiness.js";
import { NO_PROGRESS, type SavedProgress } from "./saved-progress.js";
import { guideSection1 } from "./section-1-load.js";
import { guideSection2 } from "./section-2-fops.js";
import { guideSection3 } from "./section-3-locking.js";
import { guideSection4 } from "./section-4-debugging.js";
import type { CheckContext, GuideSection, GuideStep, Seen, Watch } from "./step.js";
import { Transcript } from "./transcript.js";

/** The course, for a person who does it step by step. */
export const guideSections: readonly GuideSection[] = [
  guideSection1,
  guideSection2,
  guideSection3,
  guideSection4,
];

interface Tracked {
  readonly section: GuideSection;
  readonly done: Set<string>;
  readonly context: CheckContext;
  /** By what they see; each from the section's last step to its first. */
  watches: ReadonlyMap<Seen["kind"], readonly StepWatch[]>;
}

interface StepWatch {
  readonly step: GuideStep;
  readonly watch: Watch;
}

/**
 * Follows somebody through the course: it is told what happens in the guest, and knows which
 * steps have been done, in whatever way and order. A step that is done stays done until its
 * section is reset.
 */
export class CourseGuide {
  readonly #sections: readonly Tracked[];
  readonly #guest = new GuestNow();
  readonly #files = new FilesNow();
  readonly #transcript = new Transcript((fact) => {
    this.#guest.terminal(fact);
    this.#see(fact);
  });
  #place: string | undefined;
  #knowsLog = false;
  /** Filled while an event is looked at. */
  #turnedDone: StepDone[] = [];
  #progress: CourseProgress | undefined;
  /** What {@link #progress} was made of, beside the steps that are done. */
  #described: string;

  constructor(saved: SavedProgress = NO_PROGRESS) {
    this.#place = saved.place;
    this.#sections = guideSections.map((section) => {
      const known = saved.done[section.id] ?? [];
      const ids = section.steps.map(({ id }) => id);
      const done = new Set(ids.filter((id) => known.includes(id)));
      const isDone = (stepId: string): boolean => done.has(stepId);
      const context = { guest: this.#guest, files: this.#files, isDone };
      return { section, done, context, watches: watchSteps(section) };
    });
    this.#described = this.#fingerprint();
  }

  /** The same object as long as nothing in it changes: terminals write often. */
  get progress(): CourseProgress {
    this.#progress ??= this.#describe();
    return this.#progress;
  }

  /** @returns the steps that are done now and were not before. */
  observe(event: GuideEvent): readonly StepDone[] {
    this.#turnedDone = [];
    this.#take(event);
    const described = this.#fingerprint();
    if (this.#turnedDone.length > 0 || described !== this.#described) this.#progress = undefined;
    this.#described = described;
    return this.#turnedDone;
  }

  /** All steps of a section are open again. What the guest is asked to do meanwhile is the page's. */
  reset(sectionId: string): void {
    for (const tracked of this.#sections) {
      if (tracked.section.id !== sectionId) continue;
      tracked.done.clear();
      tracked.watches = watchSteps(tracked.section);
      if (tracked.section.steps.some(({ needs }) => needs?.includes("place"))) {
        this.#place = undefined;
      }
    }
    this.#progress = undefined;
  }

  save(): SavedProgress {
    const done = this.#sections.map(({ section, done }) => [section.id, [...done]]);
    return {
      version: 1,
      done: Object.fromEntries(done),
      ...(this.#place !== undefined && { place: this.#place }),
    };
  }

  #take(event: GuideEvent): void {
    if (event.kind === "kernel-log") {
      for (const { microseconds } of event.records) this.#transcript.kernelLogged(microseconds);
    }
    // Messages are told right behind the output of their time, before anything else is.
    if (event.kind !== "terminal") this.#transcript.settle();
    switch (event.kind) {
      case "terminal":
        this.#transcript.push(event.bytes);
        break;
      case "terminal-reset":
        this.#transcript.reset(event.backlog);
        break;
      case "kernel-log":
        for (const record of event.records) {
          // Others than the kernel write to its log by /dev/kmsg.
          if (record.facility !== 0) continue;
          this.#guest.kernelMessage(record);
          this.#see({ kind: "kernel-message", text: record.text });
        }
        this.#knowsLog = true;
        break;
      case "kernel-log-reset":
        this.#transcript.kernelPrintedUpTo(event.records.at(-1)?.microseconds ?? -1);
        // The first one is how the guest began.
        if (this.#knowsLog) this.#restored();
        this.#knowsLog = true;
        break;
      case "report":
        this.#see({ kind: "report", report: event.report });
        this.#notePlace(event);
        break;
      case "status":
        if (this.#guest.status(event)) this.#restored();
        this.#see({ kind: "machine", state: event.status.state });
        break;
      case "guest":
        this.#guest.guest(event);
        this.#see({ kind: "guest" });
        break;
      case "source":
        this.#files.source(event);
        this.#see({ kind: "source", path: event.path });
        break;
      case "module-file":
        this.#moduleFile(event);
        break;
      case "autopsy-shown":
        this.#see({ kind: "autopsy-shown" });
        break;
      case "shown":
        this.#see({ kind: "shown", path: event.path });
        break;
    }
  }

  #moduleFile(event: GuideEvent & { kind: "module-file" }): void {
    const section = guideSections.find(({ module }) => module === event.path);
    if (section === undefined) return;
    this.#files.moduleFile(event, section.source);
    if (event.change === "built") this.#see({ kind: "built", path: event.path });
  }

  #fingerprint(): string {
    return `${this.#guest.fingerprint} ${this.#files.fingerprint} ${this.#place}`;
  }

  #restored(): void {
    this.#guest.restored();
    this.#see({ kind: "restored" });
  }

  #see(seen: Seen): void {
    for (const { section, done, context, watches } of this.#sections) {
      // What is done implies what comes before it, never after.
      for (const { step, watch } of watches.get(seen.kind) ?? []) {
        if (!watch(seen, context) || done.has(step.id)) continue;
        done.add(step.id);
        this.#turnedDone.unshift({ section, step });
      }
    }
  }

  #notePlace({ report: { culprit } }: GuideEvent & { kind: "report" }): void {
    const { symbol, offset, module } = culprit?.frame ?? {};
    const isOfSection4 = module === MODULE && this.#guest.lastFile === guideSection4.module;
    if (!isOfSection4 || symbol === undefined || offset === undefined) return;
    this.#place = `${symbol}+0x${offset.toString(16)}`;
  }

  #describe(): CourseProgress {
    const surroundings: Surroundings = {
      guest: this.#guest,
      files: this.#files,
      place: this.#place,
    };
    const sections = this.#sections.map((tracked) => describeSection(tracked, surroundings));
    const current = sections.find(({ isDone }) => !isDone) ?? sections.at(-1);
    return {
      sections,
      currentSection: current?.section.id ?? "",
      isDone: sections.every(({ isDone }) => isDone),
    };
  }
}

function watchSteps(section: GuideSection): Map<Seen["kind"], StepWatch[]> {
  const byKind = new Map<Seen["kind"], StepWatch[]>();
  for (const step of [...section.steps].reverse()) {
    const watch = step.check.begin();
    for (const kind of step.check.sees) {
      byKind.set(kind, [...(byKind.get(kind) ?? []), { step, watch }]);
    }
  }
  return byKind;
}

function describeSection({ section, done }: Tracked, surroundings: Surroundings): SectionProgress {
  const current = section.steps.findIndex(({ id }) => !done.has(id));
  const steps = section.steps.map((step, index): StepProgress => {
    const isDone = done.has(step.id);
    return {
      step,
      state: isDone ? "done" : index === current ? "current" : "open",
      isEarly: isDone && current >= 0 && index > current,
      action: actionNow(section, step, surroundings),
      obstacle: obstacleOf(section, step, surroundings),
    };
  });
  return { section, steps, doneCount: done.size, isDone: current < 0 };
}
