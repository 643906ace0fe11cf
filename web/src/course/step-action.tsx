import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { StepAction } from "../../../emulator/lab/course/guide/index.js";
import { rescue } from "../app/rescue.js";
import { Icon, type IconName } from "../icons.js";
import { useLab } from "../lab-context.js";
import { courseOf } from "./course-model.js";
import "./step-action.css";

interface StepActionProps {
  readonly action: StepAction;
  /** It is what comes next. */
  readonly isPrimary?: boolean;
}

/** The button of a step: it shows what it types, opens or does. */
export function StepActionButton({ action, isPrimary = false }: StepActionProps): JSX.Element {
  const lab = useLab();
  const isBusy = useSignal(false);
  const isReady = lab.store.start.value.phase === "ready";
  const { icon, words, code } = describe(action);

  const onClick = async (): Promise<void> => {
    if (action.kind === "rescue") {
      isBusy.value = true;
      await rescue(lab);
      isBusy.value = false;
      return;
    }
    try {
      await courseOf(lab).act(action);
      // Where only one pane has room, what was typed is seen in another one.
      if (action.kind === "type") lab.panes.show("terminal");
    } catch (error) {
      lab.notices.failed(error);
    }
  };

  return (
    <button
      type="button"
      class={`button step-action ${isPrimary ? "button--primary" : ""}`}
      disabled={!isReady || isBusy.value}
      onClick={onClick}
    >
      <Icon name={icon} />
      {words !== undefined && <span>{words} </span>}
      {action.kind === "type" && <span class="visually-hidden">Type at the terminal: </span>}
      {code !== undefined && <code class="step-action__code">{code}</code>}
    </button>
  );
}

function describe(action: StepAction): {
  readonly icon: IconName;
  readonly words?: string;
  readonly code?: string;
} {
  switch (action.kind) {
    case "type":
      return { icon: "play", code: action.line };
    case "explain":
      return { icon: "search", words: "Show what was found" };
    case "rescue":
      return { icon: "rescue", words: "Rescue the machine" };
    case "show": {
      const name = action.path.slice(action.path.lastIndexOf("/") + 1);
      return name.endsWith(".patch")
        ? { icon: "diff", words: "Show the edit" }
        : { icon: "file", words: "Open", code: name };
    }
  }
}
