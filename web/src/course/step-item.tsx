import type { JSX } from "preact";
import type { StepProgress } from "../../../emulator/lab/course/guide/index.js";
import { Icon } from "../icons.js";
import { InlineText } from "./inline-text.js";
import { StepActions } from "./step-action.js";
import "./step-item.css";

interface StepItemProps {
  readonly progress: StepProgress;
  /** From 1. */
  readonly number: number;
  readonly isUnfolded: boolean;
  readonly onToggle: () => void;
}

/** A step: its status and title, and unfolded all that one needs to do it. */
export function StepItem({ progress, number, isUnfolded, onToggle }: StepItemProps): JSX.Element {
  const { step, state, isEarly, action, obstacle } = progress;
  const isCurrent = state === "current";
  const bodyId = `course-step-${step.id}`;
  const status = isEarly ? "done early" : { done: "done", current: "next", open: "open" }[state];
  return (
    <li class={`step-item step-item--${state}`} aria-current={isCurrent ? "step" : undefined}>
      <h4 class="step-item__title">
        <button
          type="button"
          class="step-item__fold"
          aria-expanded={isUnfolded}
          aria-controls={isUnfolded ? bodyId : undefined}
          onClick={onToggle}
        >
          <span class="step-item__status" role="img" aria-label={`Step ${number}, ${status}:`}>
            {state === "done" ? <Icon name="check" /> : number}
          </span>
          <span>{step.title}</span>
          <span class={`step-item__chevron ${isUnfolded ? "" : "step-item__chevron--folded"}`}>
            <Icon name="chevron" />
          </span>
        </button>
      </h4>
      {isUnfolded && (
        <div class="step-item__body" id={bodyId}>
          <p>
            <InlineText text={step.text} />
          </p>
          {step.on64Bit !== undefined && (
            <p class="step-item__aside">
              <InlineText text={step.on64Bit} />
            </p>
          )}
          {state !== "done" && obstacle !== undefined && (
            <div class="note note--warning step-item__obstacle">
              <p>
                <InlineText text={obstacle.text} />
              </p>
              {obstacle.remedy !== undefined && <StepActions action={obstacle.remedy} />}
            </div>
          )}
          {action !== undefined && (
            <StepActions action={action} isPrimary={isCurrent && obstacle === undefined} />
          )}
          <details class="step-item__hint">
            <summary>Hint</summary>
            <p>
              <InlineText text={step.hint} />
            </p>
          </details>
        </div>
      )}
    </li>
  );
}
