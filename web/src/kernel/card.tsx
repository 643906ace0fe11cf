import type { ComponentChildren, JSX, Ref } from "preact";
import { useEffect, useState } from "preact/hooks";
import { visible } from "../../../emulator/reports/text-layout.js";
import { Icon } from "../icons.js";
import { CopyButton } from "./copy-button.js";
import "./report-card.css";

/** A title that unfolds the rest, which is not drawn before. */
export function Card({
  title,
  seconds,
  isPast,
  isFront,
  bodyRef,
  children,
}: {
  /** As it came from the guest. */
  readonly title: string;
  /** Of the guest's time; undefined where it is not known. */
  readonly seconds: number | undefined;
  /** The machine went back since. */
  readonly isPast: boolean;
  /** It unfolds when it comes to the front, and makes room when it leaves it. */
  readonly isFront: boolean;
  readonly bodyRef?: Ref<HTMLDivElement>;
  readonly children: () => ComponentChildren;
}): JSX.Element {
  const [isOpen, setIsOpen] = useState(isFront);
  useEffect(() => setIsOpen(isFront), [isFront]);
  return (
    <details
      class={isPast ? "report-card report-card--past" : "report-card"}
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary class="report-card__summary">
        <h3 class="report-card__title">
          {isPast && <span class="badge report-card__past">before the rescue</span>}
          {visible(title)}
        </h3>
        {seconds !== undefined && (
          <span class="report-card__time">{`${seconds.toFixed(3)} s`}</span>
        )}
      </summary>
      {isOpen && (
        <div class="report-card__body" {...(bodyRef !== undefined && { ref: bodyRef })}>
          {children()}
        </div>
      )}
    </details>
  );
}

/** Under which circumstances it was, and what can be done with it. */
export function CardAbout({
  circumstances,
  text,
  onDismiss,
}: {
  readonly circumstances: readonly string[];
  /** All of it, for the clipboard. */
  readonly text: () => readonly string[];
  /** Undefined for what cannot be dismissed: it is still so. */
  readonly onDismiss: (() => void) | undefined;
}): JSX.Element {
  return (
    <div class="report-card__about">
      <p class="report-card__circumstances">{visible(circumstances.join(" · "))}</p>
      <CopyButton label="Copy as text" text={() => `${text().join("\n")}\n`} />
      {onDismiss !== undefined && (
        <button type="button" class="button button--quiet" onClick={onDismiss}>
          <Icon name="trash" />
          Dismiss
        </button>
      )}
    </div>
  );
}
