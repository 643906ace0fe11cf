import { describe, expect, it } from "vitest";
import { splitTestArgument } from "./test-argument.js";

const split = (line: string) => splitTestArgument(line.split(" "));

describe("splitTestArgument", () => {
  it("leaves a line without --test as it is", () => {
    expect(split("run hello.ko --json")).toEqual({
      own: ["run", "hello.ko", "--json"],
      test: undefined,
    });
  });

  it("takes everything to the end of the line, whatever it looks like", () => {
    expect(split("run --json hello.ko --test ./a.out arg -v --json --test")).toEqual({
      own: ["run", "--json", "hello.ko"],
      test: { program: "./a.out", args: ["arg", "-v", "--json", "--test"] },
    });
  });

  it("goes on with the command's own arguments behind --", () => {
    expect(split("run --test ./a.out -v -- hello.ko --json")).toEqual({
      own: ["run", "hello.ko", "--json"],
      test: { program: "./a.out", args: ["-v"] },
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
    ["run --test -- a.ko", "--test needs a program"],
    ["run --test=", "--test needs a program"],
    ["run --test a -- b.ko --test c", "only one --test"],
  ])("refuses %s", (line, message) => {
    expect(() => split(line)).toThrow(message);
  });
});
