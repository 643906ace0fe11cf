import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { GuideSection } from "../../../emulator/lab/course/guide/index.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { courseOf } from "./course-model.js";

/** Puts a section back to its start, once the person has read what that does. */
export function SectionReset({ section }: { readonly section: GuideSection }): JSX.Element {
  const lab = useLab();
  const state = useSignal<"closed" | "asking" | "resetting">("closed");
  const opener = useRef<HTMLButtonElement>(null);
  const question = useRef<HTMLFieldSetElement>(null);
  const isOpen = state.value !== "closed";
  const isReady = lab.store.start.value.phase === "ready";

  useEffect(() => {
    if (isOpen) question.current?.querySelector("button")?.focus();
  }, [isOpen]);

  const close = (): void => {
    state.value = "closed";
    // When it is there again.
    requestAnimationFrame(() => opener.current?.focus());
  };
  const reset = async (): Promise<void> => {
    state.value = "resetting";
    try {
      await courseOf(lab).reset(section);
    } catch (error) {
      lab.notices.failed(error);
    }
    close();
  };

  if (!isOpen) {
    return (
      <button
        type="button"
        class="button button--quiet course-panel__reset"
        disabled={!isReady}
        ref={opener}
        onClick={() => {
          state.value = "asking";
        }}
      >
        <Icon name="reset" />
        Reset this section
      </button>
    );
  }
  return (
    <fieldset
      class="note note--danger course-panel__question"
      aria-labelledby="course-reset-question"
      ref={question}
      onKeyDown={({ key }) => {
        if (key === "Escape") close();
      }}
    >
      <p id="course-reset-question">
        <strong>Reset section {section.number}?</strong> The files in <code>~/{section.id}</code>{" "}
        become the course's again, and what you changed or added there is lost. The machine goes
        back to its start, with nothing loaded. Your other files stay.
      </p>
      <div class="course-panel__choices">
        <button type="button" class="button" disabled={state.value === "resetting"} onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          class="button button--danger"
          disabled={state.value === "resetting"}
          onClick={reset}
        >
          {state.value === "resetting" ? "Resetting" : "Reset"}
        </button>
      </div>
    </fieldset>
  );
}
