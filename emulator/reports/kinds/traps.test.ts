import { describe, expect, it } from "vitest";
import { kindOf, oneReport, oopsBody } from "../test-support/one-report.js";

const BODY = oopsBody("hello_read+0x12/0x60 [hello]");

describe("traps", () => {
  it.each([
    ["general protection fault: 0000 [#1] SMP", "general-protection", "general protection fault"],
    [
      "general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] PREEMPT SMP",
      "general-protection",
      "general protection fault",
    ],
    // exc_general_protection() of 6.1, and the prefix that die() has had since 6.10.
    [
      "segment-related general protection fault: fff0 [#1] SMP",
      "general-protection",
      "general protection fault",
    ],
    [
      "Oops: general protection fault, maybe for address 0x10: 0000 [#2] SMP NOPTI",
      "general-protection",
      "general protection fault",
    ],
    ["divide error: 0000 [#1] SMP PTI", "divide-error", "divide error"],
    ["Oops: divide error: 0000 [#1] SMP", "divide-error", "divide error"],
    ["invalid opcode: 0000 [#1] SMP", "invalid-opcode", "invalid opcode"],
    ["stack segment: 0000 [#1] SMP", "trap", "stack segment fault"],
    ["int3: 0000 [#1] SMP", "trap", "int3"],
    ["alignment check: 0000 [#1] SMP", "trap", "alignment check"],
    ["double fault: 0000 [#1] SMP", "double-fault", "PANIC: double fault"],
  ])("%s", (line, kind, title) => {
    const report = oneReport(`${line}\n${BODY}`);
    expect(report.kind).toBe(kind);
    expect(report.title).toBe(`${title} in hello_read`);
    expect(report.corrupted).toBeUndefined();
  });

  it("is no trap when a program trapped", () => {
    expect(
      kindOf(
        "traps: a.out[77] trap divide error ip:401136 sp:7ffd0c1a9f20 error:0 in a.out[401000+1000]",
      ),
    ).toBeUndefined();
    expect(
      kindOf("traps: a.out[77] general protection fault ip:401136 sp:7ffd error:0 in libc.so.6"),
    ).toBeUndefined();
  });

  it("takes KASAN's remark before and behind the fault for a part of it", () => {
    const old = oneReport(`kasan: CONFIG_KASAN_INLINE enabled
kasan: GPF could be caused by NULL-ptr deref or user memory access
general protection fault: 0000 [#1] SMP KASAN\n${BODY}`);
    expect(old.title).toBe("general protection fault in hello_read");
    expect(old.lines[0]).toBe(1);

    const recent =
      oneReport(`general protection fault, probably for non-canonical address 0xdffffc0000000001: 0000 [#1] PREEMPT SMP KASAN
KASAN: null-ptr-deref in range [0x0000000000000008-0x000000000000000f]\n${BODY}`);
    expect(recent.kind).toBe("general-protection");
    expect(recent.message).toMatch(/^general protection fault, probably/);
  });
});
