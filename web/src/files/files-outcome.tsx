import type { JSX } from "preact";
import type { FileOutcome } from "./file-jobs.js";

/** What came of the last thing that was done, and the way back. */
export function FilesOutcome({
  outcome,
  isBusy,
  onUndo,
}: {
  readonly outcome: FileOutcome | undefined;
  readonly isBusy: boolean;
  readonly onUndo: () => void;
}): JSX.Element {
  return (
    <div class="files-menu__outcome">
      <p role="status" class={outcome?.isProblem === true ? "files-menu__problem" : undefined}>
        {outcome?.text ?? ""}
      </p>
      {outcome?.undo !== undefined && (
        <button type="button" class="button" aria-disabled={isBusy} onClick={onUndo}>
          Undo
        </button>
      )}
    </div>
  );
}
