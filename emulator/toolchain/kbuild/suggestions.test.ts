import { expect, test } from "vitest";
import { parseDiagnostics } from "../diagnostics.js";
import { exportedNames, parseModpost } from "./modpost-messages.js";
import { withSuggestions } from "./suggestions.js";

/** As `make modules` of Linux 6.1 prints them. */
const printed = `ERROR: modpost: missing MODULE_LICENSE() in /src/hello.o
WARNING: modpost: /src/hello.o: section mismatch in reference: f (section: .text) -> g (section: .init.text)
ERROR: modpost: "misc_registr" [/src/hello.ko] undefined!
ERROR: modpost: GPL-incompatible module hello.ko uses GPL-only symbol 'kobject_init'
`;
const names = {
  headers: () => ["linux/module.h", "linux/mod_devicetable.h", "linux/list.h"],
  symbols: () => exportedNames("0x00000000\tmisc_register\tvmlinux\tEXPORT_SYMBOL\t\n"),
};

test("reads what modpost says, and suggests what may have been meant", () => {
  expect(withSuggestions(parseModpost(printed), names)).toEqual([
    {
      severity: "error",
      message: "missing MODULE_LICENSE() in /src/hello.o",
      advice: 'Say under which licence the module is: MODULE_LICENSE("GPL");',
    },
    {
      severity: "warning",
      message:
        "/src/hello.o: section mismatch in reference: f (section: .text) -> g (section: .init.text)",
    },
    {
      severity: "error",
      message: '"misc_registr" [/src/hello.ko] undefined!',
      suggestions: ["misc_register"],
    },
    {
      severity: "error",
      message: "GPL-incompatible module hello.ko uses GPL-only symbol 'kobject_init'",
      advice: expect.stringContaining("under the GPL alone"),
    },
  ]);
});

test("suggests a header for one that there is not", () => {
  const text = "/src/hello.c:1:10: fatal error: 'linux/modul.h' file not found\n";
  expect(withSuggestions(parseDiagnostics(text), names)).toEqual([
    {
      severity: "fatal error",
      message: "'linux/modul.h' file not found",
      place: { file: "/src/hello.c", line: 1, column: 10 },
      suggestions: ["linux/module.h"],
    },
  ]);
});

test.each([
  ["__udivdi3", "does not divide"],
  ["__moddi3", "does not divide"],
  ["__adddf3", "float and double"],
  ["__fixunsdfsi", "float and double"],
  ["__floatsidf", "float and double"],
  ["__extendsfdf2", "float and double"],
])("explains a call of %s, which nobody wrote", (symbol, explanation) => {
  const text = `ERROR: modpost: "${symbol}" [/src/hello.ko] undefined!\n`;
  expect(withSuggestions(parseModpost(text), names)).toMatchObject([
    { advice: expect.stringContaining(explanation) },
  ]);
});
