import { describe, expect, it } from "vitest";
import { FileTree } from "../files/index.js";
import { LabError } from "../lab/index.js";
import { MachineError } from "../machine/machine.js";
import { BrowserError, labFailure } from "./failure.js";
import { requireFeatures } from "./features.js";

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("It was to throw.");
}

describe("labFailure", () => {
  it("keeps code and message of each family of errors", () => {
    expect(labFailure(new LabError("guest-down", "Restore it."))).toEqual({
      code: "guest-down",
      message: "Restore it.",
    });
    expect(labFailure(new BrowserError("refused", "No."))).toEqual({
      code: "refused",
      message: "No.",
    });
    const missing = thrownBy(() => new FileTree().readFile("/none"));
    expect(labFailure(missing)).toMatchObject({ code: "ENOENT" });
  });

  it("says what the browser met, not what a command line would advise", () => {
    const cause = new BrowserError("download-failed", "Not there.");
    const wrapped = new LabError("image-missing", "Run npm.", { cause });
    expect(labFailure(wrapped)).toEqual({ code: "download-failed", message: "Not there." });
  });

  it("says what to do when the emulator gets no memory", () => {
    const cause = new RangeError("WebAssembly.Memory(): could not allocate memory");
    const error = new MachineError("engine-failed-to-start", "v86 did not start", { cause });
    const { code, message } = labFailure(error);
    expect(code).toBe("engine-failed-to-start");
    expect(message).toContain("could not allocate memory");
    expect(message).toContain("close other tabs");
  });

  it("takes what has crossed from a worker as it is, and anything else as unexpected", () => {
    const crossed = { code: "guest-file", message: "No room." };
    expect(labFailure(crossed)).toBe(crossed);
    expect(labFailure(new TypeError("x is undefined"))).toEqual({
      code: "unexpected",
      message: "x is undefined",
    });
    expect(labFailure("what")).toEqual({ code: "unexpected", message: "what" });
  });
});

describe("requireFeatures", () => {
  const everything = {
    WebAssembly,
    Worker: class {},
    fetch,
    ReadableStream,
    DecompressionStream,
  };

  it("lets a current browser pass", () => {
    expect(() => requireFeatures(everything)).not.toThrow();
  });

  it("names what is missing", () => {
    const { WebAssembly: _, DecompressionStream: __, ...old } = everything;
    const failure = labFailure(thrownBy(() => requireFeatures(old)));
    expect(failure.code).toBe("unsupported-browser");
    expect(failure.message).toContain("WebAssembly and DecompressionStream");
  });
});
