import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { useLab } from "../lab-context.js";
import { CourseAnnouncement } from "./course-announcement.js";
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
  const selected = model.selected.value;
  const index = progress.sections.findIndex(({ section }) => section.id === selected);
  const shown = progress.sections[index];
  const lastDone = model.done.value.findLast(({ section }) => section.id === selected);

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
      <CourseAnnouncement model={model} />
    </div>
  );
}
