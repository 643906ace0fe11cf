import type { Lab } from "../lab.js";
import { runSection, type SectionOptions, type SectionReport } from "./run-section.js";
import type { CourseSection } from "./section.js";
import { section1 } from "./section-1-load.js";
import { section2 } from "./section-2-fops.js";
import { section3 } from "./section-3-locking.js";
import { section4 } from "./section-4-debugging.js";

/** The course, in the order in which a student does it. */
export const courseSections: readonly CourseSection[] = [section1, section2, section3, section4];

export interface CourseReport {
  /** Whether every section went as the course says. */
  readonly ok: boolean;
  readonly sections: readonly SectionReport[];
}

/** Hears of a course as it goes; `checkpoint` is made by the course itself. */
export interface CourseOptions extends Omit<SectionOptions, "checkpoint"> {
  readonly onSection?: (section: CourseSection) => void;
  readonly onSectionReport?: (report: SectionReport, hostMs: number) => void;
}

/**
 * Does all sections, each from the guest as it is now, which should have nothing loaded.
 * A section that goes wrong does not keep the next from being done.
 * @throws the reason of `signal` when it is aborted, LabError when the lab is closed.
 */
export async function runCourse(lab: Lab, options: CourseOptions = {}): Promise<CourseReport> {
  const now = options.now ?? (() => performance.now());
  const checkpoint = await lab.checkpoint();
  const sections: SectionReport[] = [];
  for (const section of courseSections) {
    options.onSection?.(section);
    const start = now();
    const report = await runSection(lab, section, { ...options, checkpoint });
    sections.push(report);
    options.onSectionReport?.(report, now() - start);
  }
  return { ok: sections.every(({ ok }) => ok), sections };
}
