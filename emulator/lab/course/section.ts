import type { StepCheck } from "./checks.js";

/** One section of the course, as a student does it. Platform neutral: a page shows it, too. */
export interface CourseSection {
  /** Also the name of its folder below the student's home. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** What it is about, one or two sentences. */
  readonly introduction: string;
  readonly steps: readonly CourseStep[];
}

/** A command that a student types, with what must then be seen. */
export interface CourseStep {
  /**
   * `command`: just type it. `rescue`: first put the guest back to the checkpoint that
   * the section began with; the command is what shows that it answers again.
   */
  readonly kind: "command" | "rescue";
  /** What the step does, as a comment in front of the command. */
  readonly title: string;
  readonly command: string;
  readonly checks: readonly StepCheck[];
}

/** The longest that a step may take, guest milliseconds. */
export const STEP_LIMIT_MS = 20_000;

export function type(title: string, command: string, checks: readonly StepCheck[]): CourseStep {
  return { kind: "command", title, command, checks };
}

export function rescue(title: string, command: string, checks: readonly StepCheck[]): CourseStep {
  return { kind: "rescue", title, command, checks };
}
