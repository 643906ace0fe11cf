import { expect, it } from "vitest";
import { culpritOf, oneReport } from "../test-support/one-report.js";

const RULE = "=".repeat(66);

it("takes the stack below the heading for its own", () => {
  const report = oneReport(`${RULE}
BUG: KFENCE: use-after-free read in memcpy+0x57/0x150

Use-after-free read at 0xffff88823bc8cf68 (in kfence-#69):
 memcpy+0x57/0x150
 hello_read+0x41/0x70 [hello]
 vfs_read+0x9b/0x190

kfence-#69: 0xffff88823bc8cf00-0xffff88823bc8cf3f, size=64, cache=kmalloc-64

allocated by task 41 on cpu 0 at 12.345678s:
 hello_open+0x20/0x60 [hello]

freed by task 41 on cpu 0 at 13.345678s:
 hello_release+0x20/0x40 [hello]

CPU: 1 PID: 42 Comm: a.out Tainted: G           O       6.1.0 #1
${RULE}`);
  expect(report.kind).toBe("kfence");
  expect(report.title).toBe("KFENCE: use-after-free read in hello_read");
  expect(culpritOf(report)).toBe("hello_read+0x41/0x70 [hello]");
  expect(report.frames.map(({ trace }) => trace)).toEqual([
    "call",
    "call",
    "call",
    "allocated",
    "freed",
  ]);
  expect(report.corrupted).toBeUndefined();
});

it.each(["out-of-bounds write", "memory corruption", "invalid free", "invalid read"])(
  "%s",
  (bug) => {
    const report = oneReport(
      `BUG: KFENCE: ${bug} in hello_read+0x41/0x70 [hello]\n\nInvalid read at 0xffff88823bc8cf68:\n hello_read+0x41/0x70 [hello]\n${RULE}`,
    );
    expect(report.title).toBe(`KFENCE: ${bug} in hello_read`);
  },
);
