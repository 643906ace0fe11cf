export { CourseGuide, guideSections } from "./course-guide.js";
export type { GuideEvent, MachineState, SeenModule } from "./guide-event.js";
export { type TextRun, textRuns } from "./inline-text.js";
export { type EditableFiles, makeEdit } from "./make-edit.js";
export type {
  CourseProgress,
  Obstacle,
  SectionProgress,
  StepDone,
  StepProgress,
} from "./progress.js";
export { NO_PROGRESS, parseProgress, type SavedProgress } from "./saved-progress.js";
export { type FileReader, SectionFiles } from "./section-files.js";
export { lineOfEdit } from "./source-edit.js";
export type { GuideSection, GuideStep, StepAction } from "./step.js";
