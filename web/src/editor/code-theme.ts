import { syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/**
 * The editor in the page's colours: all of them are the design tokens, so that the theme can
 * change while it is open. CodeMirror's own colours for "light" are overridden one by one,
 * since it knows only one theme at a time. The colours of the code are in code-view.css.
 */
const LOOK = EditorView.theme({
  // Of the editor alone: what floats beside it has the classes of its theme, too.
  "&.cm-editor": {
    height: "100%",
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    fontSize: "var(--size-code)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)", padding: "var(--space-1) 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": {
    backgroundColor: "var(--surface)",
    borderRight: "1px solid var(--border)",
    color: "var(--text-faint)",
  },
  ".cm-activeLine": {
    backgroundColor: "color-mix(in srgb, var(--surface-hover) 45%, transparent)",
  },
  ".cm-activeLineGutter": { backgroundColor: "var(--surface-hover)", color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--terminal-selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-back)" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": {
    backgroundColor: "var(--accent-back)",
    outline: "1px solid var(--accent)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--danger-back)" },
  ".cm-searchMatch": {
    backgroundColor: "var(--warning-back)",
    outline: "1px solid var(--warning)",
  },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--accent-back)" },
  ".cm-specialChar": { color: "var(--danger)" },
  ".cm-tooltip, .cm-textfield, .cm-button": {
    border: "1px solid var(--border-control)",
    borderRadius: "var(--radius)",
  },
  ".cm-tooltip": {
    maxWidth: "min(40rem, 90vw)",
    backgroundColor: "var(--surface-raised)",
    color: "var(--text)",
    boxShadow: "var(--shadow)",
    fontFamily: "var(--font-text)",
    fontSize: "var(--size-normal)",
  },
  ".cm-panels": {
    backgroundColor: "var(--surface-raised)",
    color: "var(--text)",
    fontFamily: "var(--font-text)",
  },
  ".cm-panels.cm-panels-top, .cm-panels.cm-panels-bottom": { borderColor: "var(--border)" },
  ".cm-panel.cm-search": { fontSize: "var(--size-normal)" },
  ".cm-panel.cm-search label": { fontSize: "var(--size-normal)" },
  ".cm-textfield, .cm-button": { backgroundColor: "var(--surface)", fontSize: "inherit" },
  ".cm-button": { backgroundImage: "none", cursor: "pointer" },
  ".cm-panel.cm-search [name=close]": { color: "var(--text)", fontSize: "1.25rem" },
});

export const CODE_THEME: Extension = [LOOK, syntaxHighlighting(classHighlighter)];
