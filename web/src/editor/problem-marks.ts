import { type Diagnostic, forEachDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import type { EditorState, Extension, Text, TransactionSpec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { visible } from "../../../emulator/reports/text-layout.js";
import { placeName } from "../build/place-name.js";
import { columnInText, type Problem } from "../build/problems.js";
import { folderOf } from "./tab-names.js";

/** A mark knows what it was made of: an edit moves the mark, and not what the compiler said. */
interface ProblemMark extends Diagnostic {
  readonly problem: Problem;
}

/**
 * The transaction that marks what is wrong in a file, in place of what was marked before.
 * @param path of the state's file
 */
export function withMarks(
  state: EditorState,
  problems: readonly Problem[],
  path: string,
): TransactionSpec {
  const marks = problems.flatMap((problem) => markOf(problem, state.doc, path));
  return setDiagnostics(state, marks);
}

/**
 * Where a problem is by now that a compiler has found at a line and a column, both from 1; undefined
 * when it has found none there.
 */
export function placeOfProblem(
  state: EditorState,
  line: number,
  column: number,
): number | undefined {
  let found: number | undefined;
  forEachDiagnostic(state, (diagnostic, from) => {
    if (!("problem" in diagnostic)) return;
    const { place } = (diagnostic as ProblemMark).problem;
    if (place?.line === line && place.column === column) found ??= from;
  });
  return found;
}

function markOf(problem: Problem, doc: Text, path: string): ProblemMark[] {
  const { place, severity, message } = problem;
  if (place === undefined || place.path !== path) return [];
  const { from: start, text } = doc.line(Math.min(place.line, doc.lines));
  const from = start + Math.min(columnInText(text, place.column) - 1, text.length);
  return [
    {
      from,
      to: from + lengthOfWord(text.slice(from - start)),
      severity,
      message,
      renderMessage: () => tooltip(problem, folderOf(path)),
      problem,
    },
  ];
}

/** Of what begins there: a name, a number, a string, or another character; 0 at the end of a line. */
function lengthOfWord(text: string): number {
  const [word] = /^(?:\w+|"(?:\\.|[^"\\])*"|<[\w./-]+>|\S)/.exec(text) ?? [""];
  return word.length;
}

/** All that was said about a problem; as text, whoever wrote the source. */
function tooltip({ message, option, notes, suggestions, advice }: Problem, folder: string): Node {
  const said = document.createElement("div");
  const add = (className: string, text: string): void => {
    const line = document.createElement("div");
    line.className = `problem-mark__${className}`;
    line.textContent = visible(text);
    said.append(line);
  };
  add("message", option === undefined ? message : `${message} [${option}]`);
  if (suggestions.length > 0) add("advice", `Perhaps ${suggestions.join(" or ")}?`);
  if (advice !== undefined) add("advice", advice);
  for (const note of notes) {
    const place = note.place === undefined ? "" : `${placeName(note.place, folder)}: `;
    add("note", place + note.message);
  }
  return said;
}

/**
 * The looks of marks in the page's colours. CodeMirror's own are pictures in `data:` addresses,
 * which the Content-Security-Policy does not allow: each of them is overridden.
 */
const LOOK = EditorView.theme({
  ".cm-lintRange": {
    backgroundImage: "none",
    paddingBottom: "0",
    textDecorationLine: "underline",
    textDecorationStyle: "wavy",
    textDecorationThickness: "1px",
    textDecorationSkipInk: "none",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-error": { backgroundImage: "none", textDecorationColor: "var(--danger)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecorationColor: "var(--warning)" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--danger)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--warning)" },
  ".cm-gutter-lint": { width: "1rem" },
  ".cm-gutter-lint .cm-gutterElement": {
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    padding: "0",
  },
  ".cm-lint-marker": { width: "0.625rem", height: "0.625rem" },
  ".cm-lint-marker-error": {
    content: "normal",
    borderRadius: "50%",
    backgroundColor: "var(--danger)",
  },
  ".cm-lint-marker-warning": {
    content: "normal",
    backgroundColor: "var(--warning)",
    clipPath: "polygon(50% 0, 100% 100%, 0 100%)",
  },
  ".cm-diagnostic": {
    margin: "0",
    padding: "var(--space-1) var(--space-2)",
    overflowWrap: "anywhere",
  },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--danger)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--warning)" },
  ".problem-mark__note": { color: "var(--text-soft)" },
});

/** Marks of problems, beside the lines and under the words. */
export const PROBLEM_MARKS: Extension = [lintGutter(), LOOK];
