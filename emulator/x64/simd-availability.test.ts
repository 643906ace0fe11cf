// When MMX and SSE may not be used, and what waits for them: SDM vol. 3A, the chapters on system
// programming for MMX and for instruction set extensions. Programs in ring 3 cannot see it.
import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "./build/compile-engine.js";
import { flatMachine } from "./test-support/flat-machine.js";

/** Bits of CR0 and CR4, and what they are when the machine begins. */
const CR0 = { begin: 0x80010033, em: 1 << 2, ts: 1 << 3 } as const;
const CR4 = { begin: 0x620, osfxsr: 1 << 9, osxmmexcpt: 1 << 10 } as const;
const VECTOR = { invalidOpcode: 6, notAvailable: 7, floatingPoint: 16, simd: 19 } as const;

const HALT = 0xf4;
const PADDB_MMX = [0x0f, 0xfc, 0xc1];
const PADDB_XMM = [0x66, 0x0f, 0xfc, 0xc1];
const EMMS = [0x0f, 0x77];
const CVTPI2PS = [0x0f, 0x2a, 0xc1];
const MOVQ2DQ = [0xf3, 0x0f, 0xd6, 0xc1];
const STMXCSR = [0x0f, 0xae, 0x5c, 0x24, 0xf8];

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compiledEngine();
});

function bytesOf(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** MOV EAX, cr0; MOV CR0, RAX; MOV EAX, cr4; MOV CR4, RAX. */
function setControl(cr0: number, cr4: number): number[] {
  return [0xb8, ...bytesOf(cr0), 0x0f, 0x22, 0xc0, 0xb8, ...bytesOf(cr4), 0x0f, 0x22, 0xe0];
}

/** @returns the vector of the exception that the code ends with, or undefined when it halts */
async function vectorOf(...code: number[]): Promise<number | undefined> {
  const machine = await flatMachine(module, [...code, HALT]);
  // In the middle of the page behind the code.
  machine.processor.registers[4] = 0x18000n;
  const end = machine.processor.run(100);
  if (end.reason === "exception") return end.exception.vector;
  expect(end.reason).toBe("halt");
  return undefined;
}

describe.each([
  ["PADDB mm", PADDB_MMX, VECTOR.notAvailable, undefined],
  ["EMMS", EMMS, VECTOR.notAvailable, undefined],
  ["PADDB xmm", PADDB_XMM, VECTOR.notAvailable, VECTOR.invalidOpcode],
  ["CVTPI2PS", CVTPI2PS, VECTOR.notAvailable, VECTOR.invalidOpcode],
  ["MOVQ2DQ", MOVQ2DQ, VECTOR.notAvailable, VECTOR.invalidOpcode],
  ["STMXCSR", STMXCSR, VECTOR.notAvailable, VECTOR.invalidOpcode],
] as const)("%s", (_name, code, withTaskSwitched, withoutFxsr) => {
  it("is executed", async () => {
    expect(await vectorOf(...code)).toBeUndefined();
  });

  it("waits for the task's registers while CR0.TS is set", async () => {
    const control = setControl(CR0.begin | CR0.ts, CR4.begin);
    expect(await vectorOf(...control, ...code)).toBe(withTaskSwitched);
  });

  it("is not there while CR0.EM is set", async () => {
    const control = setControl(CR0.begin | CR0.em | CR0.ts, CR4.begin);
    expect(await vectorOf(...control, ...code)).toBe(VECTOR.invalidOpcode);
  });

  it("asks for CR4.OSFXSR if it has XMM registers or MXCSR", async () => {
    const control = setControl(CR0.begin, CR4.begin & ~CR4.osfxsr);
    expect(await vectorOf(...control, ...code)).toBe(withoutFxsr);
  });
});

describe("an x87 exception that waits", () => {
  // FNINIT; FNSTCW, AND, FLDCW: division by zero is not masked; FLD1; FLDZ; FDIVP.
  const divided = [
    ...[0xdb, 0xe3, 0xd9, 0x7c, 0x24, 0xf8, 0x80, 0x64, 0x24, 0xf8, 0xfb, 0xd9, 0x6c, 0x24, 0xf8],
    ...[0xd9, 0xe8, 0xd9, 0xee, 0xde, 0xf9],
  ];

  it.each([
    ["PADDB mm", PADDB_MMX, VECTOR.floatingPoint],
    ["EMMS", EMMS, VECTOR.floatingPoint],
    ["CVTPI2PS", CVTPI2PS, VECTOR.floatingPoint],
    ["MOVQ2DQ", MOVQ2DQ, VECTOR.floatingPoint],
    ["PADDB xmm", PADDB_XMM, undefined],
  ])("is seen by %s if that has MMX registers", async (_name, code, vector) => {
    expect(await vectorOf(...divided, ...code)).toBe(vector);
  });
});

describe("an SSE exception that is not masked", () => {
  // MOV DWORD [RSP-8], 1d80; LDMXCSR: division by zero is not masked. MOV EAX, 1; CVTSI2SS XMM0, EAX;
  // PXOR XMM1, XMM1; DIVSS XMM0, XMM1.
  const divides = [
    ...[0xc7, 0x44, 0x24, 0xf8, 0x80, 0x1d, 0, 0, 0x0f, 0xae, 0x54, 0x24, 0xf8],
    ...[0xb8, 1, 0, 0, 0, 0xf3, 0x0f, 0x2a, 0xc0],
    ...[0x66, 0x0f, 0xef, 0xc9, 0xf3, 0x0f, 0x5e, 0xc1],
  ];

  it("is #XM", async () => {
    expect(await vectorOf(...divides)).toBe(VECTOR.simd);
  });

  it("is #UD where the system has not said that it knows #XM", async () => {
    const control = setControl(CR0.begin, CR4.begin & ~CR4.osxmmexcpt);
    expect(await vectorOf(...control, ...divides)).toBe(VECTOR.invalidOpcode);
  });
});
