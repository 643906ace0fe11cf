import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

/** Marks the line at a position, or none. */
export const markLine = StateEffect.define<number | undefined>();

const MARK = Decoration.line({ class: "code-view__shown-line" });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let now = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markLine)) continue;
      now =
        effect.value === undefined ? Decoration.none : Decoration.set([MARK.range(effect.value)]);
    }
    return now;
  },
  provide: (self) => EditorView.decorations.from(self),
});

/** A line that was asked for stands out for a moment. */
export const SHOWN_LINE: Extension = field;
