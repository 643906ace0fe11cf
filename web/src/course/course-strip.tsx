import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { CourseAnnouncement } from "./course-announcement.js";
import { courseOf } from "./course-model.js";
import "./course-strip.css";
import { InlineText } from "./inline-text.js";
import { StepActions } from "./step-action.js";

/** The next step in a few lines, for a window that has no room for the course beside the terminal. */
export function CourseStrip(): JSX.Element | null {
  const lab = useLab();
  const model = useMemo(() => courseOf(lab), [lab]);
  const { sections } = model.progress.value;
  const shown = sections.find(({ section }) => section.id === model.selected.value);
  if (shown === undefined) return null;
  const index = shown.steps.findIndex(({ state }) => state === "current");
  const current = shown.steps[index];
  const { section } = shown;
  return (
    <section class="course-strip" aria-label="Next step of the course">
      <div class="course-strip__line">
        <p class="course-strip__title">
          {current === undefined ? (
            <>Section {section.number} is done</>
          ) : (
            <>
              <span class="course-strip__number">
                {section.number}.{index + 1}
              </span>{" "}
              {current.step.title}
            </>
          )}
        </p>
        <button type="button" class="button button--quiet" onClick={() => lab.panes.show("course")}>
          {current === undefined ? "Go on" : "Explain"}
          <Icon name="next" />
        </button>
      </div>
      {current?.obstacle !== undefined ? (
        <>
          <p class="course-strip__obstacle">
            <InlineText text={current.obstacle.text} />
          </p>
          {current.obstacle.remedy !== undefined && (
            <StepActions action={current.obstacle.remedy} />
          )}
        </>
      ) : (
        current?.action !== undefined && <StepActions action={current.action} isPrimary />
      )}
      <CourseAnnouncement model={model} />
    </section>
  );
}
