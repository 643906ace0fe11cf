import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { culpritOf, oneReport, oopsBody } from "../test-support/one-report.js";

describe("hardened usercopy", () => {
  it("is one report with the BUG() behind its message", () => {
    const report =
      oneReport(`usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 6)!
------------[ cut here ]------------
kernel BUG at mm/usercopy.c:101!
invalid opcode: 0000 [#1] PREEMPT SMP
${oopsBody("usercopy_abort+0x6c/0x80", ["__check_object_size.cold.2+0x43/0x47", "hello_write+0x35/0x60 [hello]"])}`);
    expect(report.kind).toBe("usercopy");
    expect(report.title).toBe("BUG: bad usercopy in hello_write");
    expect(report.message).toMatch(/^usercopy: Kernel memory overwrite/);
    expect(culpritOf(report)).toBe("hello_write+0x35/0x60 [hello]");
    expect(report.corrupted).toBeUndefined();
  });

  it("reads the course's own paste: a broadcast, a wrapped title and Code line, the end left out", () => {
    const log = join(import.meta.dirname, "../corpus/usercopy/course-4.19.log");
    const report = oneReport(readFileSync(log, "utf8"));
    expect(report.kind).toBe("usercopy");
    expect(report.title).toBe("BUG: bad usercopy in hello_write");
    expect(report.message).toBe(
      "usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 6)!",
    );
    expect(culpritOf(report)).toBe("hello_write+0x35/0x60 [hello]");
    expect(report.corrupted).toMatch(/^The end is cut off/);
    expect(report.seconds).toBe(802.293944);
    expect(report.arch).toBe("x86-64");
    expect(report.frames.map(({ symbol }) => symbol)).toEqual([
      "__check_object_size.cold.2",
      "hello_write",
      "vfs_write",
      "ksys_write",
      "do_syscall_64",
      "entry_SYSCALL_64_after_hwframe",
    ]);
    // The registers and the bytes are those of user mode.
    expect(report.registers.size).toBe(0);
    expect(report.code).toBeUndefined();
    expect(report.text).not.toContain("Segmentation fault");
    expect(report.lines).toEqual([2, 19]);
  });
});
