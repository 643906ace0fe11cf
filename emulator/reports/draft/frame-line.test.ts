import { describe, expect, it } from "vitest";
import { baseName, isInlinedFrame, readFrame } from "./frame-line.js";

describe("readFrame", () => {
  it.each([
    [
      " vfs_write+0xa5/0x1a0",
      { symbol: "vfs_write", offset: 0xa5, size: 0x1a0, module: undefined, sure: true },
    ],
    [" ? hello_write+0x35/0x60 [hello]", { symbol: "hello_write", module: "hello", sure: false }],
    [" __check_object_size.cold.2+0x43/0x47", { symbol: "__check_object_size.cold.2" }],
    // Until 4.9.
    [
      " [<ffffffff811d2a5a>] vfs_read+0x8a/0x140",
      { symbol: "vfs_read", address: 0xffffffff811d2a5an, sure: true },
    ],
    [
      " [<c1234567>] ? vfs_read+0x8a/0x140",
      { symbol: "vfs_read", address: 0xc1234567n, sure: false },
    ],
    [
      "[<(____ptrval____)>] kmalloc_trace+0x21/0xc0",
      { symbol: "kmalloc_trace", address: undefined },
    ],
    // CONFIG_STACKTRACE_BUILD_ID.
    [
      " hello_write+0x35/0x60 [hello 0123456789abcdef0123456789abcdef01234567]",
      { module: "hello" },
    ],
    // With sources, as syzbot and scripts/decode_stacktrace.sh add them.
    [" dump_stack+0x1b9/0x294 lib/dump_stack.c:113", { symbol: "dump_stack", offset: 0x1b9 }],
    [
      "vfs_write (fs/read_write.c:589 (discriminator 4))",
      { symbol: "vfs_write", offset: undefined, sure: true },
    ],
    [
      "? hello_write (drivers/misc/hello.c:77) hello",
      { symbol: "hello_write", module: "hello", sure: false },
    ],
    [" 0xffffffffc0123456", { symbol: undefined, address: 0xffffffffc0123456n }],
    ["\t___slab_alloc+0x4dc/0x530", { symbol: "___slab_alloc" }],
  ])("%s", (line, expected) => {
    expect(readFrame(line)).toMatchObject(expected);
  });

  it.each([
    "Call Trace:",
    "hello: module loaded (version 1.0)",
    "initcall hello_init+0x0/0x30 returned 0 after 12 usecs",
    "foo+0x10 is where it fails",
    "Modules linked in: hello(O)",
    "3 locks held by a.out/42:",
  ])("is none in: %s", (line) => {
    expect(readFrame(line)).toBeUndefined();
  });

  it("tells functions that a tool found to be inlined", () => {
    expect(isInlinedFrame(" __dump_stack lib/dump_stack.c:77 [inline]")).toBe(true);
    expect(isInlinedFrame(" [<     inline     >] __dump_stack lib/dump_stack.c:77")).toBe(true);
    expect(readFrame(" __dump_stack lib/dump_stack.c:77 [inline]")).toBeUndefined();
  });
});

describe("baseName", () => {
  it.each([
    ["hello_write", "hello_write"],
    ["hello_write.cold", "hello_write"],
    ["hello_write.isra.0", "hello_write"],
    ["hello_write.constprop.0.part.1.cold.2", "hello_write"],
    ["hello_write.llvm.1234567890", "hello_write"],
    ["__pfx_hello_write", "hello_write"],
    [".text", ".text"],
  ])("%s is %s", (symbol, name) => {
    expect(baseName(symbol)).toBe(name);
  });
});
