import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Asks before something is deleted that cannot come back. */
export function DeleteQuestion({
  what,
  consequence,
  isBusy,
  onAnswer,
}: {
  readonly what: string;
  readonly consequence: string;
  readonly isBusy: boolean;
  readonly onAnswer: (isYes: boolean) => void;
}): JSX.Element {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <fieldset class="files-menu__question" aria-label={`Delete ${what}?`}>
      <span class="files-menu__name">{`Delete ${what}? ${consequence}`}</span>
      <button type="button" class="button" ref={keep} onClick={() => onAnswer(false)}>
        Keep
      </button>
      <button
        type="button"
        class="button button--danger"
        disabled={isBusy}
        onClick={() => onAnswer(true)}
      >
        Delete
      </button>
    </fieldset>
  );
}
