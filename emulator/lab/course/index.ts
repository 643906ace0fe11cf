import type { CourseSection } from "./section.js";
import { section1 } from "./section-1-load.js";
import { section2 } from "./section-2-fops.js";
import { section3 } from "./section-3-locking.js";
import { section4 } from "./section-4-debugging.js";

export type { GuestState, StepCheck, StepEvidence } from "./checks.js";
export { runSection, type SectionReport, type StepReport } from "./run-section.js";
export type { CourseSection, CourseStep } from "./section.js";

/** The course, in the order in which a student does it. */
export const courseSections: readonly CourseSection[] = [section1, section2, section3, section4];
