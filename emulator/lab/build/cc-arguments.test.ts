import { expect, it } from "vitest";
import { parseCcArguments } from "./cc-arguments.js";

const PROGRAM = { product: "program", inputs: ["a.c"], output: undefined, options: [] };

it.each([
  ["a.c", {}],
  ["a.c b.c -lm util.o", { inputs: ["a.c", "b.c", "util.o"], options: ["-lm"] }],
  ["-o test a.c", { output: "test" }],
  ["-otest a.c", { output: "test" }],
  ["-c a.c", { product: "object" }],
  ["-S a.c", { product: "assembly" }],
  ["-E a.c -o -", { product: "preprocessed", output: "-" }],
  ["-fsyntax-only a.c", { product: "nothing" }],
  [
    "-Wall -Wextra -O2 -g3 -std=c11 -pthread a.c",
    { options: ["-Wall", "-Wextra", "-O2", "-g3", "-std=c11", "-pthread"] },
  ],
  // The value of an option is no file to compile.
  [
    "-I include -D X -include x.h a.c",
    { options: ["-I", "include", "-D", "X", "-include", "x.h"] },
  ],
  ["-Iinclude -DX=1 -Wl,-Map=x.map a.c", { options: ["-Iinclude", "-DX=1", "-Wl,-Map=x.map"] }],
  ["-x c program.txt", { inputs: ["program.txt"], options: ["-x", "c"] }],
])("gcc %s", (line, expected) => {
  expect(parseCcArguments(line.split(" "))).toEqual({ ...PROGRAM, ...expected });
});

it.each([
  ["", "no input files"],
  ["-o", "argument to '-o' is missing"],
  ["-frobnicate-not --frobnicate a.c", "unknown argument '--frobnicate'"],
  ["-MD a.c", "unknown argument '-MD'"],
  ["-shared a.c", "there are no shared libraries"],
  ["-static-pie a.c", "the guest's programs are static"],
  ["--target=arm-linux a.c", "it builds for the guest's processor alone"],
  ["-fsanitize=address a.c", "the library that it needs is not here"],
  ["a.cpp", "it compiles C alone"],
  ["-x c++ a.c", "it compiles C alone"],
  ["start.S", "there is no assembler beside it"],
  ["hello.ko", "modules are built by make"],
  ["-", "it reads files, and no standard input"],
  ["@options", "write the options out"],
  ["program.txt", "the names of C files end in .c"],
])("refuses: gcc %s", (line, why) => {
  expect(() => parseCcArguments(line === "" ? [] : line.split(" "))).toThrow(why);
});
