import { getChunks, MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorView } from "@codemirror/view";
import { codeReading, READ_ONLY } from "./code-view.js";
import "./diff-view.css";

/** Two texts to be compared. */
export interface DiffDocument {
  readonly before: { readonly path: string; readonly text: string };
  readonly after: { readonly path: string; readonly text: string };
}

/** Unchanged lines around a change that stay in sight, as `diff -U` counts them. */
const UNCHANGED = { margin: 6, minSize: 8 };

/** Shows what differs between two texts. Nothing can be edited in it. */
export class DiffView implements Disposable {
  readonly #view: MergeView | EditorView;

  constructor(parent: HTMLElement, { before, after }: DiffDocument, isWide: boolean) {
    this.#view = isWide
      ? new MergeView({
          parent,
          a: { doc: before.text, extensions: reading(before.path) },
          b: { doc: after.text, extensions: reading(after.path) },
          collapseUnchanged: UNCHANGED,
          gutter: true,
        })
      : new EditorView({
          parent,
          doc: after.text,
          extensions: [
            reading(after.path),
            unifiedMergeView({
              original: before.text,
              mergeControls: false,
              collapseUnchanged: UNCHANGED,
            }),
          ],
        });
  }

  /** At how many places the texts differ. */
  get differences(): number {
    const { state } = this.#view instanceof MergeView ? this.#view.b : this.#view;
    return getChunks(state)?.chunks.length ?? 0;
  }

  [Symbol.dispose](): void {
    this.#view.destroy();
  }
}

function reading(path: string) {
  return [
    codeReading(path),
    READ_ONLY,
    EditorView.contentAttributes.of({
      tabindex: "0",
      "aria-label": `${path}, with what differs`,
    }),
  ];
}
