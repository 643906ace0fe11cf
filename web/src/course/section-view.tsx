import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { GuideSection, SectionProgress } from "../../../emulator/lab/course/guide/index.js";
import { InlineText } from "./inline-text.js";
import { SectionReset } from "./section-reset.js";
import { StepItem } from "./step-item.js";

interface SectionViewProps {
  readonly progress: SectionProgress;
  /** The step that turned done last, if it is one of this section's. */
  readonly lastDone: string | undefined;
  readonly next: GuideSection | undefined;
  readonly onNext: (section: GuideSection) => void;
}

/** A section with its steps, of which the next one and the one done last are unfolded. */
export function SectionView(props: SectionViewProps): JSX.Element {
  const { progress, lastDone, next, onNext } = props;
  const { section, steps, doneCount, isDone } = progress;
  /** What the person folded or unfolded, by step. */
  const chosen = useSignal<ReadonlyMap<string, boolean>>(new Map());
  const list = useRef<HTMLOListElement>(null);
  const current = steps.find(({ state }) => state === "current")?.step.id;

  useEffect(() => {
    const place =
      list.current?.querySelector('[aria-current="step"]') ?? list.current?.lastElementChild;
    if (lastDone !== undefined) place?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [lastDone, current]);

  return (
    <>
      <header class="course-panel__head">
        <h3 class="course-panel__title">
          {section.number}. {section.title}
        </h3>
        <p class="course-panel__introduction">
          <InlineText text={section.introduction} />
        </p>
      </header>
      <ol class="course-panel__steps" ref={list}>
        {steps.map((step, index) => {
          const { id } = step.step;
          const isUnfolded = chosen.value.get(id) ?? (id === current || id === lastDone);
          return (
            <StepItem
              key={id}
              progress={step}
              number={index + 1}
              isUnfolded={isUnfolded}
              onToggle={() => {
                chosen.value = new Map(chosen.value).set(id, !isUnfolded);
              }}
            />
          );
        })}
      </ol>
      {isDone && (
        <div class="note note--good course-panel__conclusion">
          <p>
            <strong>Section {section.number} is done.</strong>{" "}
            <InlineText text={section.conclusion} />
          </p>
          {next !== undefined && (
            <button type="button" class="button button--primary" onClick={() => onNext(next)}>
              Go on with {next.number}. {next.title}
            </button>
          )}
        </div>
      )}
      <footer class="course-panel__foot">
        <span class="course-panel__count">
          {doneCount} of {steps.length} steps done
        </span>
        <SectionReset key={section.id} section={section} />
      </footer>
    </>
  );
}
