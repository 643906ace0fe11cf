import { describe, expect, it } from "vitest";
import { registerValue, wholeRegister } from "./registers.js";

describe("the value of a register", () => {
  const of64 = new Map([
    ["rax", 0x1122334455667788n],
    ["rsi", 0xfedcba9876543210n],
    ["r08", 0x8888777766665555n],
    ["r12", 0xccccbbbbaaaa9999n],
  ]);

  it("is found under the names of its parts", () => {
    expect(registerValue(of64, "rax")).toBe(0x1122334455667788n);
    expect(registerValue(of64, "eax")).toBe(0x55667788n);
    expect(registerValue(of64, "ax")).toBe(0x7788n);
    expect(registerValue(of64, "ah")).toBe(0x77n);
    expect(registerValue(of64, "al")).toBe(0x88n);
    expect(registerValue(of64, "sil")).toBe(0x10n);
  });

  it("is found under the kernel's names of the numbered ones", () => {
    expect(registerValue(of64, "r8")).toBe(0x8888777766665555n);
    expect(registerValue(of64, "r8d")).toBe(0x66665555n);
    expect(registerValue(of64, "r8b")).toBe(0x55n);
    expect(registerValue(of64, "r12w")).toBe(0x9999n);
  });

  it("comes from 32-bit reports, too", () => {
    const of32 = new Map([["edx", 0xdeadbeefn]]);
    expect(registerValue(of32, "edx")).toBe(0xdeadbeefn);
    expect(registerValue(of32, "dl")).toBe(0xefn);
    expect(registerValue(of32, "rdx")).toBeUndefined();
  });

  it("is undefined where the report does not have it", () => {
    expect(registerValue(of64, "rbx")).toBeUndefined();
    expect(registerValue(of64, "xmm0")).toBeUndefined();
  });
});

describe("the whole register", () => {
  it("is one for all its parts", () => {
    expect(["al", "ah", "ax", "eax", "rax"].map(wholeRegister)).toEqual(Array(5).fill("ax"));
    expect(["r8", "r8d", "r8w", "r8b"].map(wholeRegister)).toEqual(Array(4).fill("r8"));
    expect(wholeRegister("gs")).toBe("gs");
  });
});
