import { describe, expect, it } from "vitest";
import { FLAG, FX, INPUT, OUTCOME, STATE, VECTOR } from "./case-format.js";
import { compareOutcomes, normalise } from "./compare.js";
import { listForms } from "./forms.js";
import { type Case, generateCase } from "./generate.js";

const { user } = listForms();

function caseOf(name: string, suits: (one: Case) => boolean = () => true): Case {
  const form = user.find((candidate) => candidate.name === name);
  if (form === undefined) throw new Error(`There is no form ${name}.`);
  for (let number = 0; number < 1000; number++) {
    const one = generateCase(form, 9, number);
    if (suits(one)) return one;
  }
  throw new Error(`No case of ${name} suits.`);
}

/** The state as it was, with some of it changed. */
function outcome({ input }: Case, change: (state: DataView) => void = () => {}): Uint8Array {
  const bytes = new Uint8Array(OUTCOME.bytes);
  bytes.set(input.subarray(INPUT.state, INPUT.state + STATE.bytes), OUTCOME.state);
  change(new DataView(bytes.buffer, OUTCOME.state));
  normalise(bytes);
  return bytes;
}

const fieldsOf = (one: Case, expected: Uint8Array, got: Uint8Array): string[] =>
  compareOutcomes(one, expected, got).map(({ field }) => field);

describe("outcomes are different", () => {
  const one = caseOf("Add_rm64_r64");

  it.each([
    ["rbx", 3 * 8],
    ["rip", STATE.rip],
    ["vector", STATE.vector],
    ["mxcsr", STATE.fx + FX.mxcsr],
    ["st7", STATE.fx + FX.st + 7 * 16 + 9],
    ["xmm15", STATE.fx + FX.xmm + 255],
  ])("in %s", (field, at) => {
    const got = outcome(one, (state) => state.setUint8(at, state.getUint8(at) ^ 1));
    expect(fieldsOf(one, outcome(one), got)).toEqual([field]);
  });

  it("in memory, where one has changed it and the other not", () => {
    const got = new Uint8Array(OUTCOME.bytes + OUTCOME.changeBytes);
    got.set(outcome(one));
    new DataView(got.buffer).setUint32(OUTCOME.bytes, 0x20000700, true);
    got.fill(0xee, OUTCOME.bytes + OUTCOME.changed);
    expect(fieldsOf(one, outcome(one), got)).toEqual(["20000700"]);
  });
});

describe("what says nothing is left out", () => {
  it("the state of a case that loops", () => {
    const one = caseOf("Jmp_rm64");
    const loop = (rcx: number) =>
      outcome(one, (state) => {
        state.setUint32(STATE.vector, VECTOR.noEnd, true);
        state.setUint32(8, rcx, true);
      });
    expect(fieldsOf(one, loop(1), loop(2))).toEqual([]);
    expect(fieldsOf(one, loop(1), outcome(one))).toContain("vector");
  });

  it("flags that are undefined, and no others", () => {
    const one = caseOf("And_rm32_r32");
    const flip = (flag: number) =>
      outcome(one, (state) => {
        state.setUint32(STATE.rflags, state.getUint32(STATE.rflags, true) ^ flag, true);
      });
    expect(fieldsOf(one, outcome(one), flip(FLAG.af))).toEqual([]);
    expect(fieldsOf(one, outcome(one), flip(FLAG.cf))).toEqual(["rflags"]);
  });

  it("OF after a shift by more than one bit, nothing after one by none", () => {
    const count = (wanted: (count: number) => boolean) =>
      caseOf("Shl_rm32_CL", ({ input }) => wanted((input[INPUT.state + 8] ?? 0) & 31));
    const undefinedFlags = FLAG.af | FLAG.of;
    expect(count((value) => value === 0).mask.flags).toBe(0);
    expect(count((value) => value === 1).mask.flags).toBe(FLAG.af);
    expect(count((value) => value > 1).mask.flags).toBe(undefinedFlags);
  });

  it("the pointers to the last x87 instruction", () => {
    const one = caseOf("Fadd_m32fp");
    const got = outcome(one, (state) => state.setUint32(STATE.fx + FX.fip, 0x1234, true));
    expect(fieldsOf(one, outcome(one), got)).toEqual([]);
  });
});

describe("results with error bounds", () => {
  const st0 = (value: bigint, head: number) => (state: DataView) => {
    state.setBigUint64(STATE.fx + FX.st, value, true);
    state.setUint16(STATE.fx + FX.st + 8, head, true);
  };
  const one = caseOf("Fsin");

  it.each([
    ["the same up to 2 ulps", 0x8000000000000001n, 0x3ffe, []],
    ["over a power of two", 0xffffffffffffffffn, 0x3ffd, []],
    ["3 ulps apart", 0x8000000000000003n, 0x3ffe, ["st0"]],
    ["of another sign", 0x8000000000000000n, 0xbffe, ["st0"]],
  ])("%s", (_, value, head, fields) => {
    const want = outcome(one, st0(0x8000000000000000n, 0x3ffe));
    expect(fieldsOf(one, want, outcome(one, st0(value, head)))).toEqual(fields);
  });

  it.each([
    [1, 1.0007, []],
    [1, 1.0008, ["xmm0"]],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, []],
    [Number.POSITIVE_INFINITY, 3e38, ["xmm0"]],
    [0, -0, ["xmm0"]],
  ])("RCPPS: %d and %d", (want, got, fields) => {
    const reciprocal = caseOf("Rcpps_xmm_xmmm128");
    const xmm0 = (value: number) =>
      outcome(reciprocal, (state) => {
        for (let lane = 0; lane < 4; lane++) {
          state.setFloat32(STATE.fx + FX.xmm + lane * 4, value, true);
        }
      });
    expect(fieldsOf(reciprocal, xmm0(want), xmm0(got))).toEqual(fields);
  });
});
