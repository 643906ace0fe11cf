import { expect, it } from "vitest";
import { culpritOf, oneReport } from "../test-support/one-report.js";

const RULE = "=".repeat(66);

it("names both sides of the race, as printed", () => {
  const report = oneReport(`${RULE}
BUG: KCSAN: data-race in hello_read.constprop.0 / hello_write

write to 0xffffffffa0003010 of 4 bytes by task 42 on cpu 1:
 hello_write+0x20/0x60 [hello]
 vfs_write+0xa5/0x1a0

read to 0xffffffffa0003010 of 4 bytes by task 43 on cpu 0:
 hello_read.constprop.0+0x41/0x70 [hello]
 vfs_read+0x9b/0x190

value changed: 0x00000001 -> 0x00000002

Reported by Kernel Concurrency Sanitizer on:
CPU: 0 PID: 43 Comm: a.out Tainted: G           O       6.1.0 #1
${RULE}`);
  expect(report.kind).toBe("kcsan");
  expect(report.title).toBe("KCSAN: data-race in hello_read / hello_write");
  expect(culpritOf(report)).toBe("hello_write+0x20/0x60 [hello]");
  expect([...new Set(report.frames.map(({ trace }) => trace))]).toEqual(["write", "read"]);
  expect(report.corrupted).toBeUndefined();
});

it("has one name where the other side is not known", () => {
  const report = oneReport(`BUG: KCSAN: data-race in hello_write+0x20/0x60 [hello]

race at unknown origin, with read to 0xffffffffa0003010 of 4 bytes by task 42 on cpu 1:
 hello_write+0x20/0x60 [hello]
${RULE}`);
  expect(report.title).toBe("KCSAN: data-race in hello_write");
});
