import { describe, expect, it } from "vitest";
import { Progress } from "./progress.js";
import { Printer } from "./streams.js";
import { TextRecorder } from "./test-support/text-recorder.js";

describe("Printer", () => {
  it("begins our lines on lines of their own", () => {
    const sink = new TextRecorder();
    const printer = new Printer(sink);
    printer.line("# ./a.out");
    printer.bytes(new TextEncoder().encode("no newline"));
    printer.line("done");
    printer.bytes(new TextEncoder().encode("newline\n"));
    printer.line("done");
    expect(sink.text).toBe("# ./a.out\nno newline\ndone\nnewline\ndone\n");
  });

  it("has a width where somebody looks at it", () => {
    expect(new Printer(new TextRecorder({ columns: 132 })).width).toBe(132);
    expect(new Printer(new TextRecorder()).width).toBeUndefined();
  });
});

describe("Progress", () => {
  it("shows one line on a terminal and clears it", () => {
    const sink = new TextRecorder({ columns: 12 });
    const progress = new Progress(sink);
    progress.show("A long message");
    progress.clear();
    progress.clear();
    expect(sink.text).toBe("\r\x1b[2KA long mess\r\x1b[2K");
  });

  it("is silent in a pipe", () => {
    const sink = new TextRecorder();
    new Progress(sink).show("Working");
    expect(sink.text).toBe("");
  });
});
