import { useEffect, useRef } from "preact/hooks";
import { chosenInDrop } from "./chosen-files.js";
import type { ChosenFile } from "./upload.js";

/** What a pane says while files hang over it; file-drop.css shows it. */
const HINT = "data-drop";

export interface FileDrop {
  /** What is said while files hang over the pane. */
  readonly hint: () => string;
  readonly onDrop: (files: ChosenFile[]) => void;
}

/**
 * Takes files that are dropped on a pane. Elsewhere in the page nothing happens to them, where the
 * browser would leave the page, and the machine in it, to show the file.
 */
export function useFileDrop(pane: () => HTMLElement | null | undefined, drop: FileDrop): void {
  const current = useRef(drop);
  current.current = drop;
  useEffect(() => {
    const place = pane();
    if (place == null) return;

    const hasFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") === true;
    const isHere = ({ target }: DragEvent): boolean =>
      target instanceof Node && place.contains(target);

    const onDrag = (event: DragEvent): void => {
      if (event.dataTransfer === null || !hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = isHere(event) ? "copy" : "none";
      if (isHere(event)) place.setAttribute(HINT, current.current.hint());
      else place.removeAttribute(HINT);
    };
    const onLeave = (event: DragEvent): void => {
      // Out of the window.
      if (event.relatedTarget === null) place.removeAttribute(HINT);
    };
    const onDrop = (event: DragEvent): void => {
      place.removeAttribute(HINT);
      if (event.dataTransfer === null || !hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      if (isHere(event)) current.current.onDrop(chosenInDrop(event.dataTransfer));
    };

    // Before the editor, which would put a dropped file's text where the cursor is.
    const options = { capture: true };
    window.addEventListener("dragenter", onDrag, options);
    window.addEventListener("dragover", onDrag, options);
    window.addEventListener("dragleave", onLeave, options);
    window.addEventListener("drop", onDrop, options);
    return () => {
      place.removeAttribute(HINT);
      window.removeEventListener("dragenter", onDrag, options);
      window.removeEventListener("dragover", onDrag, options);
      window.removeEventListener("dragleave", onLeave, options);
      window.removeEventListener("drop", onDrop, options);
    };
  }, [pane]);
}
