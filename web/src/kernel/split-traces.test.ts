import { expect, it } from "vitest";
import type { DecodedFrame } from "../../../emulator/reports/decode.js";
import { splitTraces } from "./split-traces.js";

function frame(symbol: string, trace: string, stack: string): DecodedFrame {
  return {
    frame: {
      symbol,
      trace,
      stack,
      offset: 0,
      size: 1,
      module: undefined,
      address: undefined,
      sure: true,
      role: "return",
      line: 1,
    },
    locations: [],
  };
}

it("begins anew where the stack or the trace changes, and back", () => {
  const traces = splitTraces([
    frame("timer", "call", "IRQ"),
    frame("irq", "call", "IRQ"),
    frame("write", "call", "task"),
    frame("kmalloc", "allocated", "task"),
  ]);
  expect(
    traces.map(({ heading, frames }) => [heading, frames.map((one) => one.frame.symbol)]),
  ).toEqual([
    ["Trace, on the IRQ stack", ["timer", "irq"]],
    ["Trace", ["write"]],
    ["allocated", ["kmalloc"]],
  ]);
});
