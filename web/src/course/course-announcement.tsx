import type { JSX } from "preact";
import type { CourseProgress, StepDone } from "../../../emulator/lab/course/guide/index.js";
import type { CourseModel } from "./course-model.js";

/** Tells screen readers of each step that turns done. */
export function CourseAnnouncement({ model }: { readonly model: CourseModel }): JSX.Element {
  return (
    <p class="visually-hidden" role="status">
      {announcementOf(model.done.value, model.progress.value)}
    </p>
  );
}

function announcementOf(done: readonly StepDone[], progress: CourseProgress): string {
  const sentences = done.map(({ step }) => `Done: ${step.title}.`);
  const last = done.at(-1)?.section;
  const section = progress.sections.find((section) => section.section === last);
  if (section?.isDone) sentences.push(`Section ${section.section.number} is done.`);
  return sentences.join(" ");
}
