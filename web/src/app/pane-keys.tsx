import { useEffect } from "preact/hooks";
import { buildOf } from "../build/build-model.js";
import { useLab } from "../lab-context.js";
import { obeyBuildKey } from "./build-keys.js";
import { focusPane } from "./focus-pane.js";
import { isDown } from "./machine-text.js";
import { PANES, type Pane } from "./panes.js";
import { rescue } from "./rescue.js";

/** The keys that hold everywhere in the page, terminal and editor included. */
export function PaneKeys(): null {
  const lab = useLab();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!obeyBuildKey(event, buildOf(lab)) && !obeyPaneKey(event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const obeyPaneKey = (event: KeyboardEvent): boolean => {
      if (event.ctrlKey || event.altKey || event.metaKey) return false;
      if (event.key === "F6") focusNextPane(event.shiftKey ? -1 : 1, lab.panes.shown.value);
      else if (event.key === "F8" && isDown(lab.store.status.value.state)) void rescue(lab);
      else return false;
      return true;
    };
    // Before the terminal sees them, which sends every key to the guest.
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [lab]);
  return null;
}

function focusNextPane(step: 1 | -1, shown: ReadonlySet<Pane>): void {
  const panes = PANES.filter((pane) => shown.has(pane));
  const active = document.activeElement;
  const current = panes.findIndex((pane) =>
    document.getElementById(`pane-${pane}`)?.contains(active),
  );
  const next = current < 0 ? 0 : (current + step + panes.length) % panes.length;
  const pane = panes[next];
  if (pane !== undefined) focusPane(pane);
}
