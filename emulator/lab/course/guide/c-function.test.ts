import { describe, expect, it } from "vitest";
import { findFunction, seenByCompiler } from "./c-function.js";

describe("a function", () => {
  const SOURCE = [
    "static int wanted(int a);",
    "/* int wanted(void) { return 0; } */",
    'static const char *text = "int wanted(void) { return 1; }";',
    "static int other(void) { return wanted(1); }",
    "static int wanted(int a)",
    "{",
    "\tif (a) {",
    '\t\tputs("}"); // }',
    "\t\treturn '}';",
    "\t}",
    "\treturn 2;",
    "}",
    "static int unwanted(void) { return 3; }",
  ].join("\n");

  it("is found by its definition, whatever else has its name", () => {
    const found = findFunction(SOURCE, "wanted");
    expect(SOURCE.slice(found?.start, found?.end)).toMatch(/^\n\tif \(a\) \{[\s\S]*return 2;\n$/);
    expect(found?.code).not.toMatch(/puts\("\}/);
    expect(found?.code).toMatch(/return 2;/);
  });

  it("is not found when it is not there, or not to its end", () => {
    expect(findFunction(SOURCE, "absent")).toBeUndefined();
    expect(findFunction("int half(void) { if (1) {", "half")).toBeUndefined();
    expect(findFunction("int half(void", "half")).toBeUndefined();
    expect(findFunction("", "half")).toBeUndefined();
  });
});

describe("what the compiler does not see", () => {
  it.each([
    ["a /* b\nc */ d", "a     \n     d"],
    ["a // b\nc", "a     \nc"],
    ["a /* b", "a     "],
    ['f("/*", x) /**/', "f(    , x)     "],
    ['f("a\\"b", x)', "f(      , x)"],
    ["c = '\\''; // d", "c =     ;     "],
    ["a\n#if 0\nb\n#endif\nc", "a\n     \n \n      \nc"],
    ["a\n#if 0\nb", "a\n     \n "],
    ["#if 01\na\n#endif", "#if 01\na\n#endif"],
  ])("is blank: %j", (source, seen) => {
    expect(seenByCompiler(source)).toBe(seen);
  });

  it("takes no longer for a large source that is none", () => {
    const large = '/*"\\'.repeat(60_000);
    expect(seenByCompiler(large)).toHaveLength(large.length);
    expect(findFunction("f(".repeat(100_000), "f")).toBeUndefined();
    expect(findFunction(`${"f(".repeat(100_000)}${")".repeat(100_000)}`, "f")).toBeUndefined();
  });
});
