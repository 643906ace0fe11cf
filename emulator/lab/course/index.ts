export type { GuestState, StepCheck, StepEvidence } from "./checks.js";
export { type CourseOptions, type CourseReport, courseSections, runCourse } from "./run-course.js";
export { runSection, type SectionReport, type StepReport } from "./run-section.js";
export type { CourseSection, CourseStep } from "./section.js";
