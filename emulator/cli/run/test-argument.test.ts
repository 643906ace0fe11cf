import { describe, expect, it } from "vitest";
import { splitTestArgument } from "./test-argument.js";

const split = (line: string) =>
  splitTestArgument(line.split(" "), ["--file", "--timeout", "--json", "--help"]);

describe("splitTestArgument", () => {
  it("leaves a line without --test as it is", () => {
    expect(split("run hello.ko --json")).toEqual({
      own: ["run", "hello.ko", "--json"],
      test: undefined,
    });
  });

  it("takes what follows, options that the command does not know included", () => {
    expect(split("run --json hello.ko --test ./a.out arg -v --verbose")).toEqual({
      own: ["run", "--json", "hello.ko"],
      test: { program: "./a.out", args: ["arg", "-v", "--verbose"] },
    });
  });

  it("ends at the command's own options, behind which modules may stand, too", () => {
    expect(split("run --test ./a.out -v --timeout=5 hello.ko --json")).toEqual({
      own: ["run", "--timeout=5", "hello.ko", "--json"],
      test: { program: "./a.out", args: ["-v"] },
    });
  });

  it("gives the program everything behind --", () => {
    expect(split("run hello.ko --test ./a.out -v --json -- --json --test --")).toEqual({
      own: ["run", "hello.ko", "--json"],
      test: { program: "./a.out", args: ["-v", "--json", "--test", "--"] },
    });
  });

  it("takes --test=PROG, too", () => {
    expect(split("run a.ko --test=./a.out x")).toEqual({
      own: ["run", "a.ko"],
      test: { program: "./a.out", args: ["x"] },
    });
  });

  it("takes --test behind -- for the name of a file", () => {
    expect(split("run -- --test").test).toBeUndefined();
  });

  it.each([
    ["run a.ko --test", "--test needs a program"],
    ["run a.ko --test --json", "--test needs a program"],
    ["run --test -- a.ko", "--test needs a program"],
    ["run --test=", "--test needs a program"],
    ["run a.ko --test a --test c", "only one --test"],
  ])("refuses %s", (line, message) => {
    expect(() => split(line)).toThrow(message);
  });
});
