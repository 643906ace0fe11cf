import { describe, expect, it } from "vitest";
import { type Diagnostic, parseDiagnostics } from "../../../emulator/toolchain/index.js";
import { columnInText, countProblems, problemsOf } from "./problems.js";

const FOLDER = "/home/student/3-locking";

/** As clang 16 printed it for a module of the kernel, in whose tree it ran. */
const PRINTED = `
In file included from ${FOLDER}/hello.c:21:
${FOLDER}/hello.c:57:2: error: call to undeclared function 'spin_lok'; ISO C99 and later do not support implicit function declarations [-Wimplicit-function-declaration]
        spin_lok(&hello_lock);
        ^
${FOLDER}/hello.c:57:2: note: did you mean 'spin_lock'?
./include/linux/spinlock.h:347:29: note: 'spin_lock' declared here
static __always_inline void spin_lock(spinlock_t *lock)
                            ^
${FOLDER}/hello.c:60:9: warning: unused variable 'n' [-Wunused-variable]
1 warning and 1 error generated.
`;

describe("problems", () => {
  it("are messages with the notes that follow them", () => {
    const [error, warning, ...others] = problemsOf(parseDiagnostics(PRINTED), undefined);
    expect(error).toMatchObject({
      severity: "error",
      option: "-Wimplicit-function-declaration",
      place: { path: `${FOLDER}/hello.c`, line: 57, column: 2 },
      notes: [
        { message: "did you mean 'spin_lock'?", place: { path: `${FOLDER}/hello.c`, line: 57 } },
        {
          message: "'spin_lock' declared here",
          place: { path: "./include/linux/spinlock.h", line: 347, column: 29 },
        },
      ],
    });
    expect(warning).toMatchObject({ severity: "warning", message: "unused variable 'n'" });
    expect(warning?.notes).toEqual([]);
    expect(others).toEqual([]);
  });

  it("of a program are in its folder", () => {
    const printed = "hello-test.c:7:1: fatal error: 'nothing.h' file not found\n";
    const [problem] = problemsOf(parseDiagnostics(printed), FOLDER);
    expect(problem).toMatchObject({
      severity: "error",
      place: { path: `${FOLDER}/hello-test.c`, line: 7, column: 1 },
    });
  });

  it("keep what helps against them, and may be about no place", () => {
    const said: Diagnostic = {
      severity: "error",
      message: '"kmaloc" [/home/student/hello.ko] undefined!',
      suggestions: ["__kmalloc"],
      advice: "Look for it in the headers.",
    };
    expect(problemsOf([said], undefined)).toEqual([
      {
        severity: "error",
        message: '"kmaloc" [/home/student/hello.ko] undefined!',
        notes: [],
        suggestions: ["__kmalloc"],
        advice: "Look for it in the headers.",
      },
    ]);
  });

  it("are not lost when a note comes first", () => {
    const problems = problemsOf([{ severity: "note", message: "alone" }], undefined);
    expect(problems).toMatchObject([{ severity: "warning", message: "alone" }]);
  });

  it("are counted as one says it", () => {
    const error = { severity: "error", message: "", notes: [], suggestions: [] } as const;
    const warning = { ...error, severity: "warning" } as const;
    expect(countProblems([])).toBe("");
    expect(countProblems([error])).toBe("1 error");
    expect(countProblems([warning, error, warning])).toBe("1 error, 2 warnings");
  });
});

describe("a column in bytes", () => {
  it.each([
    ["\tspin_lock();", 2, 2],
    // "für" takes four bytes: U+00FC takes two of them.
    ["/* für */ int x", 12, 11],
    // Outside the basic plane: four bytes, two code units.
    ["/* 🐧 */ x", 12, 10],
    ["short", 90, 6],
    ["", 1, 1],
  ])("of %j: %i", (line, bytes, column) => {
    expect(columnInText(line, bytes)).toBe(column);
  });
});
