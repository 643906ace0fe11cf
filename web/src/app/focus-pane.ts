import type { Pane } from "./panes.js";

/** Where typing goes in a pane, if it has such a place. */
const INPUTS = ".xterm-helper-textarea, .cm-content";

/** Puts the keyboard's focus into a pane that is shown. */
export function focusPane(pane: Pane): void {
  const section = document.getElementById(`pane-${pane}`);
  (section?.querySelector<HTMLElement>(INPUTS) ?? section)?.focus();
}
