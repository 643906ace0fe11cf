import { describe, expect, it } from "vitest";
import { LabError, ToolchainError } from "../lab/index.js";
import { describeError, exitStatusOf, InputError } from "./errors.js";

describe("errors", () => {
  it.each([
    [new InputError("no such file"), 2],
    [new LabError("bad-module", "not a module"), 2],
    [new LabError("bad-program", "not a program"), 2],
    [new LabError("guest-file", "no space"), 2],
    [new LabError("image-corrupt", "damaged"), 1],
    [new LabError("boot-failed", "silent"), 1],
    [new ToolchainError("bad-request", "no source"), 2],
    [new ToolchainError("not-available", "no memory"), 1],
    [new TypeError("x is undefined"), 1],
    ["thrown text", 1],
  ])("%s ends with status %d", (error, status) => {
    expect(exitStatusOf(error)).toBe(status);
  });

  it("shows the message of what was foreseen, and how to learn more of the rest", () => {
    expect(describeError(new InputError("no such file"), false)).toBe("no such file");
    expect(describeError(new ToolchainError("bad-request", "no source"), false)).toBe("no source");
    const bug = new TypeError("x is undefined");
    expect(describeError(bug, false)).toBe(
      "unexpected error: x is undefined\nSet KSPACE_DEBUG=1 to see where it comes from.",
    );
    expect(describeError(bug, true)).toBe(bug.stack);
  });
});
