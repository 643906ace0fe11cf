import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import "./build-buttons.css";
import { buildOf } from "./build-model.js";

/** Builds, or builds and runs, what the editor shows. */
export function BuildButtons(): JSX.Element {
  const lab = useLab();
  const model = buildOf(lab);
  const isReady = lab.store.start.value.phase === "ready";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of form controls.
    <div class="build-buttons" role="group" aria-label="Build and run">
      <button
        type="button"
        class="button"
        // A narrow pane shows its icon alone.
        aria-label="Build"
        aria-keyshortcuts="Control+S"
        title="Build the folder's module: Ctrl-S"
        disabled={!isReady}
        onClick={() => void model.build()}
      >
        <Icon name="build" />
        <span class="build-buttons__word">Build</span>
      </button>
      <button
        type="button"
        class="button button--primary"
        aria-label="Run"
        aria-keyshortcuts="Control+Enter"
        title="Build, take a snapshot, load the module and run its test: Ctrl-Enter"
        disabled={!isReady}
        onClick={() => void model.run()}
      >
        <Icon name="play" />
        <span class="build-buttons__word">Run</span>
      </button>
    </div>
  );
}
