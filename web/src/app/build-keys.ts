import type { BuildModel } from "../build/build-model.js";

/**
 * Does what the keys of builds say; they hold everywhere in the page but in dialogs and menus.
 * @returns whether the key was for builds
 */
export function obeyBuildKey(event: KeyboardEvent, builds: BuildModel): boolean {
  if (event.isComposing || isInDialog(event.target)) return false;
  const { key, altKey, shiftKey } = event;
  if (event.ctrlKey || event.metaKey) {
    if (altKey || shiftKey) return false;
    if (key.toLowerCase() === "s") void builds.build();
    else if (key === "Enter") void builds.run();
    else return false;
    return true;
  }
  if (altKey) return false;
  if (key === "F4") return builds.showNext(shiftKey ? -1 : 1);
  if (key !== "Escape" || !builds.isBusy.peek() || ownsEscape(event.target)) return false;
  builds.cancel();
  return true;
}

function isInDialog(target: EventTarget | null): boolean {
  const isInside = target instanceof Element && target.closest("dialog, [popover]") !== null;
  return isInside || document.querySelector("dialog[open], :popover-open") !== null;
}

/** Programs in the guest know the key, and so does the editor's search. */
function ownsEscape(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".terminal-pane__screen, .cm-panel") !== null;
}
