import { forEachDiagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import type { Problem } from "../build/problems.js";
import { PROBLEM_MARKS, placeOfProblem, withMarks } from "./problem-marks.js";

const PATH = "/home/student/2-fops/hello.c";
const TEXT = "int one;\n\treturn nothing; /* für */ spin_lok();\nint last\n";

function problem(line: number, column: number, path = PATH): Problem {
  return {
    severity: "error",
    message: `at ${line}:${column}`,
    place: { path, line, column },
    notes: [],
    suggestions: [],
  };
}

function marked(...problems: readonly Problem[]): EditorState {
  const state = EditorState.create({ doc: TEXT, extensions: PROBLEM_MARKS });
  return state.update(withMarks(state, problems, PATH)).state;
}

/** What is marked, by its message. */
function marksOf(state: EditorState): Record<string, string> {
  const marks: Record<string, string> = {};
  forEachDiagnostic(state, ({ message }, from, to) => {
    marks[message] = state.sliceDoc(from, to);
  });
  return marks;
}

describe("marks", () => {
  it("are under the words that the compiler meant, which counts in bytes", () => {
    // "für" is four bytes long.
    expect(marksOf(marked(problem(2, 9), problem(2, 29)))).toEqual({
      "at 2:9": "nothing",
      "at 2:29": "spin_lok",
    });
  });

  it("may be at the end of a line, or beyond a text that was shortened", () => {
    expect(marksOf(marked(problem(3, 9), problem(90, 90)))).toEqual({
      "at 3:9": "",
      "at 90:90": "",
    });
  });

  it("are those of the file alone, and make room for the next ones", () => {
    const state = marked(problem(1, 5), problem(1, 1, "/home/student/2-fops/other.c"));
    expect(marksOf(state)).toEqual({ "at 1:5": "one" });
    expect(marksOf(state.update(withMarks(state, [], PATH)).state)).toEqual({});
    const { place: _, ...nowhere } = problem(1, 1);
    expect(marksOf(state.update(withMarks(state, [nowhere], PATH)).state)).toEqual({});
  });

  it("move with the text, and are found by what the compiler said", () => {
    const state = marked(problem(2, 9));
    const later = state.update({ changes: { from: 0, insert: "// a line\n" } }).state;
    expect(marksOf(later)).toEqual({ "at 2:9": "nothing" });
    const place = placeOfProblem(later, 2, 9);
    expect(place).toBe(later.doc.toString().indexOf("nothing"));
    expect(placeOfProblem(later, 1, 5)).toBeUndefined();
  });
});
