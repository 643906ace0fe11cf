import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "../build/compile-engine.js";
import { hashOfSources, programNames } from "../native/system-program-sources.js";
import { correctedLog, EXEMPTIONS } from "./manual.js";
import { describeEntry, type LogEntry, nameOf, parseLog } from "./program-log.js";
import type { Recording } from "./recording.js";
import { runProgram } from "./run-program.js";

const recording = JSON.parse(
  readFileSync(new URL("recorded.json", import.meta.url), "utf8"),
) as Recording;
const programs = Object.entries(recording.programs);

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await compiledEngine();
}, 300_000);

/** Runs a program to its end. */
async function logOf(name: string, slice?: number): Promise<LogEntry[]> {
  const program = recording.programs[name];
  if (program === undefined) throw new Error(`No program "${name}" is recorded.`);
  const { end, log } = await runProgram(module, program, slice);
  expect(end).toBe(program.outcome?.end ?? "halt");
  return parseLog(log);
}

function lines(log: readonly LogEntry[]): string[] {
  return log.map(describeEntry);
}

it("is recorded of the programs as they are", () => {
  const sources = programs.map(([name, program]) => [name, program.sources]);
  expect(sources).toEqual(programNames().map((name) => [name, hashOfSources(name)]));
});

describe(`system software behaves as under ${recording.by}, but where the manual says otherwise`, () => {
  const compared = programs.flatMap(([name, { outcome }]) =>
    outcome === null ? [] : [{ name, log: parseLog(outcome.log) }],
  );

  it.each(compared)("$name", async ({ name, log }) => {
    expect(lines(await logOf(name))).toEqual(lines(correctedLog(name, log)));
  });

  it("needs each exemption", () => {
    for (const { program, entry, field, value, because } of EXEMPTIONS) {
      const log = compared.find(({ name }) => name === program)?.log ?? [];
      const recorded: Record<string, unknown> = { ...log[entry] };
      const different = field === "vector" ? Number(value) : value;
      expect(recorded[field], `${program}: ${because}`).toBeDefined();
      expect(recorded[field], `${program}: ${because}`).not.toBe(different);
    }
  });
});

it.each(programs.map(([name]) => name))("%s does the same in slices", async (name) => {
  const whole = lines(await logOf(name));
  for (const slice of [1, 7, 100]) expect(lines(await logOf(name, slice))).toEqual(whole);
});

/** In the order of `programs/by-hand/refusals.s`, with the manual's exception for it. */
const REFUSALS = [
  ["CR0 with bit 32", "#GP(0)"],
  ["CR0 without PE", "#GP(0)"],
  ["CR0 without PG", "#GP(0)"],
  ["CR0 with NW, without CD", "#GP(0)"],
  ["CR3 beyond 40 bits", "#GP(0)"],
  ["CR4 with bit 32", "#GP(0)"],
  ["CR4 without PAE", "#GP(0)"],
  ["CR4 with bit 31", "#GP(0)"],
  ["CR4 with VMXE, which CPUID does not claim", "#GP(0)"],
  ["CR8 above 15", "#GP(0)"],
  ["EFER with bit 32", "#GP(0)"],
  ["EFER with bit 1", "#GP(0)"],
  ["EFER without LME", "#GP(0)"],
  ["LSTAR that is not canonical", "#GP(0)"],
  ["CSTAR that is not canonical", "#GP(0)"],
  ["SFMASK with bit 32", "#GP(0)"],
  ["FS base that is not canonical", "#GP(0)"],
  ["GS base that is not canonical", "#GP(0)"],
  ["kernel GS base that is not canonical", "#GP(0)"],
  ["TSC_AUX with bit 32", "#GP(0)"],
  ["SYSENTER_ESP that is not canonical", "#GP(0)"],
  ["SYSENTER_EIP that is not canonical", "#GP(0)"],
  ["PAT with type 2", "#GP(0)"],
  ["writing ARCH_CAPABILITIES", "#GP(0)"],
  ["writing an MSR that is not there", "#GP(0)"],
  ["reading an MSR that is not there", "#GP(0)"],
  ["WRFSBASE that is not canonical", "#GP(0)"],
  ["WRGSBASE that is not canonical", "#GP(0)"],
  ["LTR of a null selector", "#GP(0)"],
  ["SS with a null selector of another RPL", "#GP(0)"],
  ["CALL to code with L and D", "#GP(80)"],
  ["JMP to code with L and D", "#GP(80)"],
  ["CALL to an offset that is not canonical", "#GP(0)"],
  ["JMP to an offset that is not canonical", "#GP(0)"],
  ["CALL of a gate whose offset is not canonical", "#GP(0)"],
  ["INT1, which is a debug exception", "#DB(0)"],
  ["INT n of a gate whose offset is not canonical", "#GP(0)"],
  ["#UD, whose gate's offset is not canonical", "#GP(1)"],
  ["IRET to code with L and D", "#GP(80)"],
  ["IRET with a null SS of another RPL", "#GP(0)"],
  ["IRET with an SS that is not present", "#SS(50)"],
  ["IRET to an address that is not canonical", "#GP(0)"],
  ["IRET to an address beyond 32-bit code's limit", "#GP(0)"],
  ["IRET from a stack that is not canonical", "#SS(0)"],
  ["SYSRET to an address that is not canonical", "#GP(0)"],
  ["SYSEXIT to an address that is not canonical", "#GP(0)"],
  ["a descriptor in a user's page, with SMAP", "#PF(1)"],
] as const;

describe("what QEMU does otherwise", () => {
  it("is refused as the manual says, before anything has changed", async () => {
    const log = await logOf("by-hand/refusals");
    const got = log.map((entry, index) => [
      REFUSALS[index]?.[0],
      entry.kind === "exception" ? nameOf(entry) : "",
    ]);
    expect(got).toEqual(REFUSALS);
    for (const entry of log) expect(entry).toMatchObject({ cs: 8n, ss: 0x10n });
  });

  it("CPUID claims what is there, and the time-stamp counter counts instructions", async () => {
    const log = await logOf("by-hand/identity");
    const notes = log.flatMap((entry) => (entry.kind === "note" ? [Number(entry.value)] : []));
    const leaf = (index: number) => notes.slice(4 * index, 4 * index + 4);
    const [highest = 0, ebx = 0, ecx = 0, edx = 0] = leaf(0);
    const vendor = Buffer.from(Uint32Array.of(ebx, edx, ecx).buffer).toString("latin1");
    expect([highest, vendor]).toEqual([7, "kspace x64  "]);
    // What 64-bit systems need: FPU, TSC, MSR, PAE, CX8, PGE, CMOV, FXSR, SSE, SSE2.
    expect((leaf(1)[3] ?? 0) & 0x0700a171).toBe(0x0700a171);
    expect(leaf(3)).toEqual([0, 0, 0, 0]);
    expect(leaf(4)[0]).toBe(0x80000008);
    expect(leaf(6)).toEqual([0x3028, 0, 0, 0]);
    expect(leaf(7)).toEqual([0, 0, 0, 0]);
    // RDTSC, three instructions, RDTSC; then from 5 * 2^32 + 100 on, by TSC_AUX.
    expect(notes.slice(32)).toEqual([4, 101, 5, 0x1234]);
    const names = log.flatMap((entry) => (entry.kind === "exception" ? [nameOf(entry)] : []));
    expect(names).toEqual(["#UD(0)", "#UD(0)", "#UD(0)", "#UD(0)", "#UD(0)", "#GP(0)"]);
  });

  it("segments of 32-bit code have limits and rights", async () => {
    const log = await logOf("by-hand/limits");
    // Inside, outside, half outside, a write to code, null, a write to CS, the stack, a jump.
    const names = log.map((entry) => (entry.kind === "exception" ? nameOf(entry) : ""));
    expect(names).toEqual([
      "vector 128(0)",
      ...["#GP(0)", "#GP(0)", "#GP(0)", "#GP(0)", "#GP(0)", "#SS(0)", "#GP(0)"],
      // All bytes of what x87 and SSE load and store: inside; 16, 8, 10, 10, 28 and 512 bytes.
      ...["vector 128(0)", "#GP(0)", "#GP(0)", "#GP(0)", "#GP(0)", "#GP(0)", "#GP(0)"],
      // The same code in a segment that has it, and in one that ends before its last instruction.
      ...["vector 128(0)", "#GP(0)"],
    ]);
    const [behind = 0n, cut = 0n] = log
      .slice(-2)
      .map((entry) => (entry.kind === "exception" ? entry.rip : 0n));
    expect(behind - cut).toBe(2n);
  });

  it("accesses of ring 3 are to be aligned, where CR0.AM and RFLAGS.AC say so", async () => {
    const log = await logOf("by-hand/alignment");
    const names = log.map((entry) => (entry.kind === "exception" ? nameOf(entry) : "note"));
    // Without AM, without AC; words of 2, 4 and 8 bytes; aligned; a byte; an update; a push.
    expect(names).toEqual([
      ...["vector 128(0)", "vector 128(0)", "#AC(0)", "#AC(0)", "#AC(0)"],
      ...["vector 128(0)", "vector 128(0)", "#AC(0)", "#AC(0)", "note"],
    ]);
  });

  it("debug exceptions: several at once, behind MOV SS, between repetitions, and GD", async () => {
    const log = await logOf("by-hand/debug-exceptions");
    const traps = log.flatMap((entry) =>
      entry.kind === "exception" ? [[nameOf(entry), entry.dr6 & 0xf00fn, entry.rip]] : [],
    );
    const notes = log.flatMap((entry) => (entry.kind === "note" ? [entry.value] : []));
    const [both, stepped, nop, push, pop, afterMovSs, repeating, dr6, dr7] = notes;
    expect(traps).toEqual([
      ["#DB(0)", 3n, both],
      ["#DB(0)", 0x4003n, stepped],
      ["#DB(0)", 0x4000n, nop],
      ["#DB(0)", 0x4000n, push],
      ["#DB(0)", 0x4000n, pop],
      ["#DB(0)", 1n, afterMovSs],
      ["#DB(0)", 1n, repeating],
      ["#PF(3)", 0n, expect.anything()],
      ["#DB(0)", 0x2000n, expect.anything()],
    ]);
    // The fault has left no trap behind, and GD is clear in its handler.
    expect([dr6, dr7]).toEqual([0xffff0ff0n, 0x400n]);
  });

  it("interrupts: behind STI, MOV SS, HLT, POPF and IRET, and in user mode; flags of IRET", async () => {
    const log = await logOf("by-hand/interrupts");
    const interrupts = log.filter((entry) => entry.kind === "exception");
    const notes = log.flatMap((entry) => (entry.kind === "note" ? [entry.value] : []));
    expect(interrupts.map((entry) => entry.rip).slice(0, -1)).toEqual(notes.slice(0, -1));
    expect(notes.at(-1)).toBe(0x3c3cd7n);
    expect(interrupts.every((entry) => entry.vector === 0x41 && entry.error === 0n)).toBe(true);
    expect(interrupts.at(-1)).toMatchObject({ cs: 0x2bn, ss: 0x23n, rflags: 0x202n });
  });
});
