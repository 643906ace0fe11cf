import { expect, it } from "vitest";
import { StackMarks } from "./stack-marks.js";

it("follows the stacks of a trace, in and out", () => {
  const marks = new StackMarks();
  const stacks = [" <TASK>", " <IRQ>", " <NMI>", " </NMI>", " </IRQ>", " </TASK>"].map((line) => {
    marks.take(line);
    return marks.current;
  });
  expect(stacks).toEqual(["task", "IRQ", "NMI", "IRQ", "task", "task"]);
});

it("gives the frame behind the marks of kernels until 4.9", () => {
  const marks = new StackMarks();
  expect(marks.take(" <NMI>  [<ffffffff81001234>] f+0x1/0x2")).toBe(
    "[<ffffffff81001234>] f+0x1/0x2",
  );
  expect(marks.current).toBe("NMI");
  marks.take(" <<EOE>>  <IRQ>  [<ffffffff81001234>] f+0x1/0x2");
  expect(marks.current).toBe("IRQ");
  marks.take(" <EOI>  [<ffffffff81001234>] f+0x1/0x2");
  expect(marks.current).toBe("task");
  expect(marks.take(" f+0x1/0x2")).toBeUndefined();
});
