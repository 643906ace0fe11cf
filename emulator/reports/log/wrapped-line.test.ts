import { describe, expect, it } from "vitest";
import type { LogLine } from "./log-line.js";
import { joinWrapped, mayBeWrapped } from "./wrapped-line.js";

function line(text: string, change: Partial<LogLine> = {}): LogLine {
  const prefixed = change.prefixed ?? true;
  return {
    text,
    first: 1,
    last: 1,
    seconds: undefined,
    level: undefined,
    caller: undefined,
    source: prefixed ? "kernel" : "bare",
    prefixed,
    width: text.length + (prefixed ? 15 : 0),
    ...change,
  };
}

const bare = (text: string): LogLine => line(text, { prefixed: false, first: 2, last: 2 });
const never = (): boolean => false;

describe("wrapped lines", () => {
  it("joins a sentence that a terminal or a mail program broke", () => {
    const first = line("usercopy: Kernel memory overwrite attempt detected to", { width: 78 });
    expect(mayBeWrapped(first)).toBe(true);
    expect(joinWrapped(first, bare("null address (offset 0, size 6)!"), never)).toMatchObject({
      text: "usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 6)!",
      first: 1,
      last: 2,
    });
  });

  it("joins the bytes of a Code: line, and nothing else, to it", () => {
    const code = line("Code: 00 f7 d8 64 89 02 48 c7 c0 ff", { width: 48 });
    expect(mayBeWrapped(code)).toBe(true);
    expect(joinWrapped(code, bare("00 00 0f 05 <48> 3d 00 f0"), never)?.text).toBe(
      "Code: 00 f7 d8 64 89 02 48 c7 c0 ff 00 00 0f 05 <48> 3d 00 f0",
    );
    expect(joinWrapped(code, bare("Segmentation fault"), never)).toBeUndefined();
  });

  it("joins a register's value to its name", () => {
    const registers = line("RSP: 002b:00007fffd5d524c8 EFLAGS: 00000246 ORIG_RAX:", { width: 69 });
    expect(joinWrapped(registers, bare("0000000000000001"), never)?.text).toMatch(
      /ORIG_RAX: 0000000000000001$/,
    );
  });

  it("joins the list of modules", () => {
    const modules = line("Modules linked in: hello(O) loop", { width: 47 });
    expect(joinWrapped(modules, bare("ext4 jbd2 [last unloaded: hello]"), never)?.text).toBe(
      "Modules linked in: hello(O) loop ext4 jbd2 [last unloaded: hello]",
    );
  });

  it("joins no line that has a prefix, no short one, none that stands for itself", () => {
    const long = line("usercopy: Kernel memory overwrite attempt detected to", { width: 78 });
    expect(joinWrapped(long, line("null address"), never)).toBeUndefined();
    expect(
      joinWrapped(line("null address (offset 0, size 6)!"), bare("Segmentation fault"), never),
    ).toBeUndefined();
    expect(joinWrapped(long, bare("vfs_write+0xa5/0x1a0"), () => true)).toBeUndefined();
    expect(joinWrapped(long, bare("   "), never)).toBeUndefined();
  });

  it("puts a word together that a terminal cut at its last column", () => {
    const cut = line(`BUG: unable to handle page fault for address: ${"x".repeat(19)}`, {
      width: 80,
    });
    expect(joinWrapped(cut, bare("ffc90000400000"), never)?.text).toMatch(/xffc90000400000$/);
  });
});
