import { expect, it } from "vitest";
import { oneReport } from "../test-support/one-report.js";

const RULE = "=".repeat(53);

it("takes the stack below the first line for its own, and blames who copies", () => {
  const report = oneReport(`${RULE}
BUG: KMSAN: kernel-infoleak in _copy_to_user+0xbc/0x100
 instrument_copy_to_user+0x10/0x20
 _copy_to_user+0xbc/0x100
 hello_read+0x41/0x70 [hello]
 vfs_read+0x9b/0x190

Uninit was created at:
 __kmalloc+0x12d/0x1d0
 hello_open+0x20/0x60 [hello]

Bytes 4-63 of 64 are uninitialized
Memory access of size 64 starts at ffff888003a1c000
Data copied to user address 0000000020000300

CPU: 1 PID: 42 Comm: a.out Tainted: G           O       6.2.0 #1
${RULE}`);
  expect(report.kind).toBe("kmsan");
  expect(report.title).toBe("KMSAN: kernel-infoleak in hello_read");
  expect(report.frames.at(-1)?.trace).toBe("uninit was created");
  expect(report.corrupted).toBeUndefined();
});
