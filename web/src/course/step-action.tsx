import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { StepAction } from "../../../emulator/lab/course/guide/index.js";
import { rescue } from "../app/rescue.js";
import { buildOf } from "../build/build-model.js";
import { nameOf } from "../editor/tab-names.js";
import { Icon, type IconName } from "../icons.js";
import { useLab } from "../lab-context.js";
import { courseOf } from "./course-model.js";
import "./step-action.css";

type EditAction = StepAction & { readonly kind: "edit" };

interface StepActionProps {
  readonly action: StepAction;
  /** It is what comes next. */
  readonly isPrimary?: boolean;
}

/** What a step is done with: an edit by hand, or by the course; all else by its one button. */
export function StepActions({ action, isPrimary = false }: StepActionProps): JSX.Element {
  if (action.kind !== "edit") return <StepActionButton action={action} isPrimary={isPrimary} />;
  return (
    <div class="step-actions">
      <StepActionButton action={action} isPrimary={isPrimary} />
      <EditButton action={action} />
    </div>
  );
}

function EditButton({ action }: { readonly action: EditAction }): JSX.Element {
  const lab = useLab();
  const isBusy = useSignal(false);
  const isReady = lab.store.start.value.phase === "ready";
  const onClick = async (): Promise<void> => {
    isBusy.value = true;
    try {
      await courseOf(lab).edit(action);
    } catch (error) {
      lab.notices.failed(error);
    }
    isBusy.value = false;
  };
  return (
    <button
      type="button"
      class="button button--quiet step-action"
      disabled={!isReady || isBusy.value}
      onClick={onClick}
    >
      <Icon name="diff" />
      Do it for me
    </button>
  );
}

/** The button of a step: it shows what it types, opens or does. */
function StepActionButton({ action, isPrimary = false }: StepActionProps): JSX.Element {
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
    if (action.kind === "build") {
      // It tells by itself how it goes.
      await buildOf(lab).buildFolder(action.folder);
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
    case "edit":
      return { icon: "file", words: "Open", code: nameOf(action.path) };
    case "build":
      return { icon: "build", words: "Build", code: "hello.ko" };
    case "rescue":
      return { icon: "rescue", words: "Rescue the machine" };
    case "show":
      return { icon: "file", words: "Open", code: nameOf(action.path) };
  }
}
