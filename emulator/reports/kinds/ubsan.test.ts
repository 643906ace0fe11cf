import { expect, it } from "vitest";
import { dumpedStack, oneReport, oopsBody } from "../test-support/one-report.js";

const STACK = dumpedStack([
  "ubsan_epilogue+0x5/0x31",
  "__ubsan_handle_out_of_bounds.cold+0x43/0x48",
  "hello_read+0x41/0x70 [hello]",
]);

it.each([
  [
    "UBSAN: array-index-out-of-bounds in drivers/misc/hello.c:77:12",
    "UBSAN: array-index-out-of-bounds",
  ],
  ["UBSAN: shift-out-of-bounds in drivers/misc/hello.c:77:12", "UBSAN: shift-out-of-bounds"],
  // All of them until 5.9.
  ["UBSAN: Undefined behaviour in drivers/misc/hello.c:77:12", "UBSAN: undefined-behaviour"],
])("%s", (line, title) => {
  const report = oneReport(
    `${"=".repeat(80)}\n${line}\nindex 64 is out of range for type 'char [64]'\n${STACK}\n${"=".repeat(80)}`,
  );
  expect(report.kind).toBe("ubsan");
  expect(report.title).toBe(`${title} in hello_read`);
  expect(report.corrupted).toBeUndefined();
});

it("is one report with the trap that CONFIG_UBSAN_TRAP makes", () => {
  const report = oneReport(`UBSAN: array index out of bounds at hello_read+0x41/0x70 [hello]
Oops: invalid opcode: 0000 [#1] PREEMPT SMP
${oopsBody("hello_read+0x41/0x70 [hello]")}`);
  expect(report.title).toBe("UBSAN: array-index-out-of-bounds in hello_read");
});
