import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import type { FileState } from "./edited-file.js";
import type { Content } from "./open-files.js";

const STATES: Readonly<Record<FileState["kind"], string>> = {
  saved: "Saved",
  unsaved: "Edited",
  saving: "Saving",
  conflict: "Not saved: changed elsewhere",
  removed: "Removed in the guest",
  failed: "Not saved",
};

/** Whether the text is saved, where the cursor is, and how one leaves the editor by keyboard. */
export function EditorStatus({
  content,
  differences,
  cursor,
  announcement,
}: {
  readonly content: Content;
  /** The places at which two texts differ that are compared in its stead; undefined without that. */
  readonly differences: number | undefined;
  readonly cursor: ReadonlySignal<{ readonly line: number; readonly column: number }>;
  readonly announcement: ReadonlySignal<string>;
}): JSX.Element {
  const isCompared = differences !== undefined;
  const hasCursor = !isCompared && (content.kind === "file" || content.kind === "source");
  const { line, column } = cursor.value;
  return (
    <div class="editor-status">
      {content.kind === "file" && (
        <span class={`editor-status__state editor-status__state--${content.file.state.value.kind}`}>
          {STATES[content.file.state.value.kind]}
        </span>
      )}
      {(content.kind === "source" || isCompared) && <span>Read only</span>}
      <span class="editor-status__said" role="status">
        {announcement.value}
      </span>
      {isCompared && <span>{describeDifferences(differences)}</span>}
      {content.kind === "file" && !isCompared && (
        <span class="editor-status__keys">
          <kbd class="key">Esc</kbd> then <kbd class="key">Tab</kbd> leaves the text
        </span>
      )}
      {hasCursor && <span class="editor-status__place">{`${line}:${column}`}</span>}
    </div>
  );
}

function describeDifferences(count: number): string {
  if (count === 0) return "No difference";
  return count === 1 ? "One place differs" : `${count} places differ`;
}
