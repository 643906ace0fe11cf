import { expect, test } from "vitest";
import { parseDiagnostics, withoutColours } from "./diagnostics.js";

/** What Debian's clang-16 printed for two sources. */
const printed = `hello.c:2:18: error: incompatible pointer to integer conversion initializing 'int' with an expression of type 'char[2]' [-Wint-conversion]
int f(void){ int x = "a"; return 1; }
                 ^   ~~~
hello.c:2:18: warning: unused variable 'x' [-Wunused-variable]
1 warning and 1 error generated.
hello.c:2:10: fatal error: 'nosuch.h' file not found
#include "nosuch.h"
         ^~~~~~~~~~
1 error generated.
`;

test("reads clang's messages, and passes over the source that it shows", () => {
  expect(parseDiagnostics(printed)).toEqual([
    {
      severity: "error",
      message:
        "incompatible pointer to integer conversion initializing 'int' with an expression of type 'char[2]'",
      option: "-Wint-conversion",
      place: { file: "hello.c", line: 2, column: 18 },
    },
    {
      severity: "warning",
      message: "unused variable 'x'",
      option: "-Wunused-variable",
      place: { file: "hello.c", line: 2, column: 18 },
    },
    {
      severity: "fatal error",
      message: "'nosuch.h' file not found",
      place: { file: "hello.c", line: 2, column: 10 },
    },
  ]);
});

test("reads messages that are about no place", () => {
  const text =
    "clang: error: unknown argument: '-mfoo'\nld.lld: error: undefined symbol: puts\n>>> referenced by a.c\n";
  expect(parseDiagnostics(text)).toEqual([
    { severity: "error", message: "unknown argument: '-mfoo'" },
    { severity: "error", message: "undefined symbol: puts" },
  ]);
});

test("tells a message without a place from a line of source that looks like one", () => {
  // clang-16 -cc1 of a source in UTF-16, and clang-16 of one with `error: return x;`.
  const text = `fatal error: UTF-16 (LE) byte order mark detected in 'hello.c', but encoding is not supported
1 error generated.
hello.c:4:15: error: use of undeclared identifier 'x'
error: return x;
              ^
1 error generated.
`;
  expect(parseDiagnostics(text)).toEqual([
    {
      severity: "fatal error",
      message: "UTF-16 (LE) byte order mark detected in 'hello.c', but encoding is not supported",
    },
    {
      severity: "error",
      message: "use of undeclared identifier 'x'",
      place: { file: "hello.c", line: 4, column: 15 },
    },
  ]);
});

test("a coloured message is the same message", () => {
  // clang-16 -fcolor-diagnostics
  const coloured =
    "\x1b[1mhello.c:2:18: \x1b[0m\x1b[0;1;31merror: \x1b[0m\x1b[1mincompatible pointer to integer " +
    "conversion initializing 'int' with an expression of type 'char[2]' [-Wint-conversion]\x1b[0m\n";
  expect(parseDiagnostics(coloured)).toEqual(parseDiagnostics(printed).slice(0, 1));
  expect(withoutColours("\x1b[0;1;32m    ^   ~~~\n\x1b[0m")).toBe("    ^   ~~~\n");
});
