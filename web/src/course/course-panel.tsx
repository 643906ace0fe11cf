import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { CourseProgress, StepDone } from "../../../emulator/lab/course/guide/index.js";
import { useLab } from "../lab-context.js";
import { courseOf } from "./course-model.js";
import "./course-panel.css";
import { SectionTabs } from "./section-tabs.js";
import { SectionView } from "./section-view.js";

/** The course: what to do, and what of it has been done. */
export function CoursePanel(): JSX.Element {
  const lab = useLab();
  const model = useMemo(() => courseOf(lab), [lab]);
  const content = useRef<HTMLDivElement>(null);
  const progress = model.progress.value;
  const done = model.done.value;
  const selected = model.selected.value;
  const index = progress.sections.findIndex(({ section }) => section.id === selected);
  const shown = progress.sections[index];
  const lastDone = done.findLast(({ section }) => section.id === selected);

  const select = (sectionId: string): void => {
    model.select(sectionId);
    content.current?.scrollTo({ top: 0 });
  };

  return (
    <div class="course-panel">
      <h2 class="visually-hidden">Course</h2>
      <SectionTabs progress={progress} selected={selected} onSelect={select} />
      {shown !== undefined && (
        <div
          class="course-panel__content"
          id="course-section"
          role="tabpanel"
          aria-labelledby={`course-tab-${selected}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
          tabIndex={0}
          ref={content}
        >
          <SectionView
            key={selected}
            progress={shown}
            lastDone={lastDone?.step.id}
            next={progress.sections[index + 1]?.section}
            onNext={({ id }) => {
              select(id);
              content.current?.focus();
            }}
          />
        </div>
      )}
      <p class="visually-hidden" role="status">
        {announcementOf(done, progress)}
      </p>
    </div>
  );
}

/** What a screen reader says of the steps that have just turned done. */
function announcementOf(done: readonly StepDone[], progress: CourseProgress): string {
  const sentences = done.map(({ step }) => `Done: ${step.title}.`);
  const last = done.at(-1)?.section;
  const section = progress.sections.find((section) => section.section === last);
  if (section?.isDone) sentences.push(`Section ${section.section.number} is done.`);
  return sentences.join(" ");
}
