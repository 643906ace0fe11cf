import { expect, it } from "vitest";
import { findReports } from "../report-stream.js";
import { culpritOf } from "../test-support/one-report.js";

it("reads what kmemleak lists: an object each, blamed on who allocated it", () => {
  const object = (
    address: string,
    caller: string,
  ): string => `unreferenced object 0x${address} (size 64):
  comm "a.out", pid 42, jiffies 4294942863 (age 13.760s)
  hex dump (first 32 bytes):
    68 65 6c 6c 6f 00 00 00 00 00 00 00 00 00 00 00  hello...........
  backtrace:
    [<00000000cf2ecb8d>] kmalloc_trace+0x2a/0x60
    [<00000000ac1b9cc3>] ${caller}
    [<0000000040a1bb1d>] vfs_open+0x2d/0x40
`;
  const reports = findReports(
    object("ffff888003a1c000", "hello_open+0x20/0x60 [hello]") +
      object("ffff888003a1c040", "hello_init+0x20/0x60 [hello]"),
  );
  expect(reports.map(({ title }) => title)).toEqual([
    "memory leak in hello_open",
    "memory leak in hello_init",
  ]);
  expect(reports.map(culpritOf)).toEqual([
    "hello_open+0x20/0x60 [hello]",
    "hello_init+0x20/0x60 [hello]",
  ]);
  expect(reports[0]).toMatchObject({ kind: "memory-leak", pid: 42, comm: "a.out" });
  expect(reports[0]?.corrupted).toBeUndefined();
});
