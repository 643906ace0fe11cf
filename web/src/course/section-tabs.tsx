import type { JSX, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import type { CourseProgress } from "../../../emulator/lab/course/guide/index.js";
import { Icon } from "../icons.js";
import "./section-tabs.css";

interface SectionTabsProps {
  readonly progress: CourseProgress;
  readonly selected: string;
  readonly onSelect: (sectionId: string) => void;
}

/** The sections, with how far each is done. */
export function SectionTabs({ progress, selected, onSelect }: SectionTabsProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const ids = progress.sections.map(({ section }) => section.id);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const at = ids.indexOf(selected);
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: (at + ids.length - 1) % ids.length,
      ArrowRight: (at + 1) % ids.length,
      Home: 0,
      End: ids.length - 1,
    };
    const next = steps[event.key];
    const id = next === undefined ? undefined : ids[next];
    if (id === undefined) return;
    event.preventDefault();
    onSelect(id);
    list.current?.querySelector<HTMLElement>(`#course-tab-${id}`)?.focus();
  };

  return (
    <div
      class="tabs section-tabs"
      role="tablist"
      aria-label="Sections of the course"
      onKeyDown={onKeyDown}
      ref={list}
    >
      {progress.sections.map(({ section, steps, doneCount, isDone }) => (
        <button
          key={section.id}
          id={`course-tab-${section.id}`}
          type="button"
          class="tab section-tabs__tab"
          role="tab"
          aria-selected={section.id === selected}
          aria-controls="course-section"
          tabIndex={section.id === selected ? 0 : -1}
          title={section.title}
          onClick={() => onSelect(section.id)}
        >
          <span class="section-tabs__label">
            {section.number}
            <span class="section-tabs__title"> {section.shortTitle}</span>
            {isDone && <Icon name="check" />}
          </span>
          <span class="visually-hidden">
            , {doneCount} of {steps.length} steps done
          </span>
          <progress
            class="section-tabs__progress"
            value={doneCount}
            max={steps.length}
            aria-hidden="true"
          />
        </button>
      ))}
    </div>
  );
}
