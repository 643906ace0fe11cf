import { describe, expect, it } from "vitest";
import { findReports } from "../report-stream.js";
import { culpritOf, oneReport, oopsBody } from "../test-support/one-report.js";

describe("BUG()", () => {
  it("is one report with the trap that it makes", () => {
    const report = oneReport(`------------[ cut here ]------------
kernel BUG at fs/hello/inode.c:123!
invalid opcode: 0000 [#1] SMP
${oopsBody("hello_evict+0x12/0x60 [hello]")}`);
    expect(report.kind).toBe("bug");
    expect(report.title).toBe("kernel BUG in hello_evict");
    expect(report.message).toBe("kernel BUG at fs/hello/inode.c:123!");
    expect(report.lines[0]).toBe(1);
    expect(report.corrupted).toBeUndefined();
  });

  it("is one report with the panic that it ends in", () => {
    const report = oneReport(`kernel BUG at fs/hello/inode.c:123!
invalid opcode: 0000 [#1] SMP
${oopsBody("hello_evict+0x12/0x60 [hello]")}
RIP: 0010:hello_evict+0x12/0x60 [hello]
RSP: 0018:ffffc90000197e50 EFLAGS: 00010246
Kernel panic - not syncing: Fatal exception
Kernel Offset: disabled
---[ end Kernel panic - not syncing: Fatal exception ]---`);
    expect(report.text.at(-1)).toMatch(/^---\[ end Kernel panic/);
    expect(report.frames.filter(({ role }) => role === "instruction")).toHaveLength(1);
  });

  it("counts the second oops as a report of its own", () => {
    const oops = (count: number): string =>
      `kernel BUG at fs/hello/inode.c:123!\ninvalid opcode: 0000 [#${count}] SMP\n${oopsBody("hello_evict+0x12/0x60 [hello]")}`;
    expect(findReports(`${oops(1)}\n${oops(2)}`).map(({ kind }) => kind)).toEqual(["bug", "bug"]);
  });

  it("blames the caller where the allocator finds that it was given nonsense", () => {
    const report = oneReport(`kernel BUG at mm/slub.c:4000!
invalid opcode: 0000 [#1] SMP
${oopsBody("kfree+0x1a/0x130", ["hello_release+0x20/0x40 [hello]"])}`);
    expect(culpritOf(report)).toBe("hello_release+0x20/0x40 [hello]");
  });
});
