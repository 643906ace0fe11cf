import type { GuideSection, GuideStep, StepAction } from "./step.js";

/** What keeps a step from succeeding now. */
export interface Obstacle {
  /** A sentence, with code in backquotes. */
  readonly text: string;
  /** What helps; undefined where the page offers that elsewhere. */
  readonly remedy: StepAction | undefined;
}

export interface StepProgress {
  readonly step: GuideStep;
  /** `current` is the first of its section that is not done. */
  readonly state: "done" | "current" | "open";
  /** Done while one before it is not. */
  readonly isEarly: boolean;
  /** What its button does now; undefined while that is not known. */
  readonly action: StepAction | undefined;
  readonly obstacle: Obstacle | undefined;
}

export interface SectionProgress {
  readonly section: GuideSection;
  readonly steps: readonly StepProgress[];
  readonly doneCount: number;
  readonly isDone: boolean;
}

export interface CourseProgress {
  readonly sections: readonly SectionProgress[];
  /** The first section that is not done; the last one when all are. */
  readonly currentSection: string;
  readonly isDone: boolean;
}

/** A step that has turned done. */
export interface StepDone {
  readonly section: GuideSection;
  readonly step: GuideStep;
}
