import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import {
  Annotation,
  EditorSelection,
  EditorState,
  type Extension,
  type Text,
} from "@codemirror/state";
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view";
import type { Problem } from "../build/problems.js";
import { languageOf } from "./code-language.js";
import { CODE_THEME } from "./code-theme.js";
import "./code-view.css";
import { declarationHover } from "./declaration-hover.js";
import type { PlacedDeclaration } from "./kernel-declarations.js";
import { minimalChange } from "./minimal-change.js";
import { PROBLEM_MARKS, placeOfProblem, withMarks } from "./problem-marks.js";
import { markLine, SHOWN_LINE } from "./shown-line.js";

/** How long a line stands out that was asked for, ms: time to find it with the eyes. */
const MARKED_MS = 2500;
/** Documentation/process/coding-style.rst, 1): "Tabs are 8 characters, and thus indentations". */
const TAB_SIZE = 8;

/** Marks a change that no person made here: it is in the guest's file already. */
const fromOutside = Annotation.define<boolean>();

/** What an open file is for the view. */
export interface CodeDocument {
  readonly path: string;
  readonly text: string;
  readonly isReadOnly: boolean;
}

export interface CodeViewListener {
  /** A person has changed the text. */
  onEdit(path: string, text: () => string): void;
  /** From 1. */
  onCursor(line: number, column: number): void;
  /** Finds how something is declared that a source calls. */
  findDeclaration(
    name: string,
    source: string,
    path: string,
  ): Promise<PlacedDeclaration | undefined>;
  onOpenDeclaration(declaration: PlacedDeclaration): void;
}

interface Kept {
  readonly state: EditorState;
  readonly scroll: ReturnType<EditorView["scrollSnapshot"]> | undefined;
}

/** One editor, in which open files take turns; each keeps its undo history and its place. */
export class CodeView implements Disposable {
  readonly #view: EditorView;
  readonly #listener: CodeViewListener;
  readonly #kept = new Map<string, Kept>();
  readonly #resizing: ResizeObserver;
  #height = 0;
  #path: string | undefined;
  #problems: readonly Problem[] = [];
  #unmark: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: HTMLElement, listener: CodeViewListener) {
    this.#listener = listener;
    this.#view = new EditorView({ parent });
    this.#resizing = new ResizeObserver(() => this.#keepCursorInSight());
    this.#resizing.observe(this.#view.dom);
  }

  /** Brings a file to the front. Its text counts only the first time. */
  show(document: CodeDocument): void {
    if (document.path === this.#path) return;
    this.#keep();
    const kept = this.#kept.get(document.path);
    this.#path = document.path;
    this.#view.setState(kept?.state ?? this.#marked(document.path, this.#newState(document)));
    // A new one is not to be where the other file was.
    const scroll = kept?.scroll ?? EditorView.scrollIntoView(0, { y: "start" });
    this.#view.dispatch({ effects: scroll });
    this.#tellCursor();
  }

  /** The file's text has changed outside; the change can be undone. */
  replace(path: string, text: string): void {
    const state = path === this.#path ? this.#view.state : this.#kept.get(path)?.state;
    if (state === undefined) return;
    const transaction = state.update({
      changes: minimalChange(state.doc.toString(), text.replaceAll(state.lineBreak, "\n")),
      annotations: fromOutside.of(true),
    });
    if (path === this.#path) this.#view.dispatch(transaction);
    else this.#kept.set(path, { state: transaction.state, scroll: undefined });
  }

  /** Marks what is wrong in all files, in the place of what was marked before. */
  setProblems(problems: readonly Problem[]): void {
    this.#problems = problems;
    if (this.#path !== undefined) {
      this.#view.dispatch(withMarks(this.#view.state, problems, this.#path));
    }
    for (const [path, { state, scroll }] of this.#kept) {
      if (path !== this.#path) this.#kept.set(path, { state: this.#marked(path, state), scroll });
    }
  }

  /** Forgets all other files, with their histories: they were closed. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of this.#kept.keys()) if (!paths.has(path)) this.#kept.delete(path);
    if (this.#path !== undefined && !paths.has(this.#path)) this.#path = undefined;
  }

  /** Goes to a place of the file in front and marks its line for a moment. Both count from 1. */
  goTo(line: number, column: number): void {
    const { doc } = this.#view.state;
    // What is marked there has moved with the text since.
    const position =
      placeOfProblem(this.#view.state, line, column) ?? positionAt(doc, line, column);
    const { from } = doc.lineAt(position);
    this.#view.dispatch({
      selection: EditorSelection.cursor(position),
      effects: [EditorView.scrollIntoView(position, { y: "center" }), markLine.of(from)],
    });
    clearTimeout(this.#unmark);
    this.#unmark = setTimeout(
      () => this.#view.dispatch({ effects: markLine.of(undefined) }),
      MARKED_MS,
    );
  }

  focus(): void {
    this.#view.focus();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#unmark);
    this.#resizing.disconnect();
    this.#view.destroy();
  }

  /** What comes up below the text, such as a build's problems, does not hide where one writes. */
  #keepCursorInSight(): void {
    const { top, height } = this.#view.dom.getBoundingClientRect();
    const before = this.#height;
    this.#height = height;
    if (height === 0 || height >= before) return;
    // CodeMirror, too, is told of the new size now, and measures first.
    requestAnimationFrame(() => {
      const { head } = this.#view.state.selection.main;
      const cursor = this.#view.coordsAtPos(head);
      const wasInSight = cursor !== null && cursor.top >= top && cursor.bottom <= top + before;
      const isInSight = cursor !== null && cursor.bottom <= top + height;
      if (!wasInSight || isInSight) return;
      this.#view.dispatch({ effects: EditorView.scrollIntoView(head, { y: "nearest" }) });
    });
  }

  #keep(): void {
    if (this.#path === undefined) return;
    this.#kept.set(this.#path, { state: this.#view.state, scroll: this.#view.scrollSnapshot() });
  }

  #marked(path: string, state: EditorState): EditorState {
    return state.update(withMarks(state, this.#problems, path)).state;
  }

  #newState({ path, text, isReadOnly }: CodeDocument): EditorState {
    const own = isReadOnly ? READ_ONLY : this.#editing(path);
    return EditorState.create({
      doc: text,
      extensions: [
        // The file's own line ends, so that what is not edited stays as it is, byte for byte.
        EditorState.lineSeparator.of(/^(?:[^\r\n]*\r\n)+[^\r\n]*$/.test(text) ? "\r\n" : "\n"),
        EditorView.contentAttributes.of({
          tabindex: "0",
          "aria-label": isReadOnly
            ? `${path}, to be read only`
            : `${path}. Tab indents; Escape and then Tab leaves the editor.`,
        }),
        own,
        PROBLEM_MARKS,
        /\.[ch]$/.test(path) ? this.#declarations(path) : [],
        // Beside the pane: within it they would be cut off at its edges.
        tooltips({ parent: this.#view.dom.closest("main") ?? document.body }),
        codeReading(path),
        EditorView.updateListener.of((update) => {
          if (update.selectionSet || update.docChanged) this.#tellCursor();
        }),
      ],
    });
  }

  #declarations(path: string): Extension {
    return declarationHover({
      find: (name, source) => this.#listener.findDeclaration(name, source, path),
      open: (declaration) => this.#listener.onOpenDeclaration(declaration),
    });
  }

  #editing(path: string): Extension {
    return [
      history(),
      indentUnit.of("\t"),
      indentOnInput(),
      dropCursor(),
      EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
      keymap.of([indentWithTab, ...historyKeymap]),
      EditorView.updateListener.of(({ docChanged, state, transactions }) => {
        const isEdit = transactions.some((one) => one.docChanged && !one.annotation(fromOutside));
        if (docChanged && isEdit) this.#listener.onEdit(path, () => state.sliceDoc());
      }),
    ];
  }

  #tellCursor(): void {
    const { doc, selection } = this.#view.state;
    const line = doc.lineAt(selection.main.head);
    this.#listener.onCursor(line.number, selection.main.head - line.from + 1);
  }
}

/** Not editable either: on a phone the keyboard would come up. */
export const READ_ONLY: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ "aria-readonly": "true" }),
];

/** What every view of code has, whether it can be edited or not. */
export function codeReading(path: string): Extension {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    EditorState.tabSize.of(TAB_SIZE),
    keymap.of([...searchKeymap, ...defaultKeymap]),
    languageOf(path),
    CODE_THEME,
    SHOWN_LINE,
  ];
}

/** Both from 1; as near as the text allows. */
function positionAt(doc: Text, line: number, column: number): number {
  const { from, length } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return from + Math.min(Math.max(1, column) - 1, length);
}
