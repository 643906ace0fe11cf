import { expect, it } from "vitest";
import { isRegisterLine, isUserStackPointer, readRegisters } from "./registers.js";

it("reads the lines of __show_regs(), 64 and 32 bits", () => {
  expect(
    readRegisters("RSP: 0018:ffffc90000197e50 EFLAGS: 00010246 ORIG_RAX: ffffffffffffffff"),
  ).toEqual([
    ["rsp", 0xffffc90000197e50n],
    ["eflags", 0x10246n],
    ["orig_rax", 0xffffffffffffffffn],
  ]);
  expect(
    readRegisters("FS:  00007fd191c53700(0000) GS:ffff8801db300000(0000) knlGS:0000000000000000"),
  ).toEqual([
    ["fs", 0x7fd191c53700n],
    ["gs", 0xffff8801db300000n],
    ["knlgs", 0n],
  ]);
  expect(readRegisters("EAX: deadbee0 EBX: fffffb68 ECX: c081de7f EDX: c081de78")).toHaveLength(4);
  expect(readRegisters(" RSP <ffff88001d0e7ea8>")).toEqual([["rsp", 0xffff88001d0e7ea8n]]);
});

it("knows such lines from others", () => {
  for (const line of [
    "RAX: 0000000000000000 RBX: ffff888003a1c000",
    "R10: 0000000000000000 R11: 0000000000000202",
    "CR2: 0000000000000010",
    "DS: 007b ES: 007b FS: 00d8 GS: 00e0 SS: 0068 EFLAGS: 00010246",
    " DS: 007b ES: 007b FS: 00d8 GS: 0000 SS: 0068",
    "DR3: 0000000000000000 DR6: 00000000fffe0ff0",
  ]) {
    expect(isRegisterLine(line), line).toBe(true);
  }
  for (const line of [
    "CS: hello",
    "ESSID: home",
    "EDID: no blocks",
    "FS-Cache: Loaded",
    "DR: link up",
  ]) {
    expect(isRegisterLine(line), line).toBe(false);
  }
});

it("tells a program's stack pointer", () => {
  expect(isUserStackPointer("RSP: 002b:00007fffd5d524c8 EFLAGS: 00000246")).toBe(true);
  expect(isUserStackPointer("RSP: 0018:ffffc90000197e50 EFLAGS: 00010246")).toBe(false);
});
