import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import type { CodePlace, DebugInfo } from "../../debuginfo/debug-info.js";
import { codeOf, frameOf, registersOf, reportOf } from "../explain/test-support/report.js";
import { formatListing } from "./format-listing.js";
import { icedDisassembler } from "./iced.js";
import type { Disassembler } from "./instruction.js";
import { listFrame, listTrap } from "./list-code.js";

let disassembler: Disassembler;

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("iced-x86/iced_x86_bg.wasm");
  disassembler = await icedDisassembler(await WebAssembly.compile(await readFile(path)));
});

/** A function whose instructions are, by objdump: */
const FUNCTION = codeOf(
  [
    "55", // 0: push %ebp
    "89 e5", // 1: mov %esp,%ebp
    "53", // 3: push %ebx
    "89 cb", // 4: mov %ecx,%ebx
    "b8 2a 00 00 00", // 6: mov $0x2a,%eax
    "89 02", // b: mov %eax,(%edx)
    "74 f1", // d: je 0
    "5b", // f: pop %ebx
    "5d", // 10: pop %ebp
    "c3", // 11: ret
  ].join(" "),
).bytes;

/** The function's file, as far as its debug information goes. */
const FILE: DebugInfo = {
  bits: 32,
  resolve: (symbol, offset) =>
    symbol === "poke" ? { section: 1, offset: 0x100 + offset } : undefined,
  placeOf: () => undefined,
  symbolAt: ({ section, offset }) =>
    section === 1 && offset >= 0x100 && offset < 0x112
      ? { name: "poke", place: { section: 1, offset: 0x100 }, size: 0x12 }
      : undefined,
  locate: ({ offset }: CodePlace) => {
    const outer = { function: "poke", file: "drivers/poke.c", line: 7, column: 2 };
    if (offset < 0x106) return [outer];
    const inner = { function: "store", file: "include/store.h", line: 3, column: 5 };
    return offset < 0x10d ? [inner, outer] : [{ ...outer, line: 9 }];
  },
  code: ({ offset }, length) => FUNCTION.slice(offset - 0x100, offset - 0x100 + length),
};

const SOURCES = new Map([
  ["drivers/poke.c", ["", "", "", "", "", "", "\tstore(p, 42);", "", "}"].join("\n")],
]);

const NULL_STORE = reportOf({
  kind: "null-dereference",
  frames: [frameOf("poke+0xb/0x12", { role: "instruction" })],
  registers: registersOf("EIP: c100010b EAX: 0000002a EDX: 00000000 CR2: 00000000"),
  code: codeOf("2a 55 89 e5 53 89 cb b8 2a 00 00 00 <89> 02 74 f1 5b 5d c3 8b"),
});

describe("a listing from a report's bytes", () => {
  it("marks the trapping instruction and says what it did", async () => {
    const rows = await listTrap(NULL_STORE, disassembler);
    expect(formatListing(rows).slice(-7)).toEqual([
      "   poke+0x4   89 cb                 mov    %ecx,%ebx",
      "   poke+0x6   b8 2a 00 00 00        mov    $0x2a,%eax",
      "=> poke+0xb   89 02                 mov    %eax,(%edx)   eax=0x2a edx=0 → writes 4 bytes to 0",
      "   poke+0xd   74 f1                 je     c1000100 <poke>",
      "   poke+0xf   5b                    pop    %ebx",
      "   poke+0x10  5d                    pop    %ebp",
      "   poke+0x11  c3                    ret",
    ]);
  });

  it("knows the fault's address in the access", async () => {
    const rows = await listTrap(NULL_STORE, disassembler);
    const trap = rows.find((row) => row.kind === "instruction" && row.trapping);
    expect(trap).toMatchObject({
      address: 0xc100010bn,
      symbol: "poke",
      offset: 0xb,
      values: { memory: [{ address: 0n, access: "write", size: 4, faulted: true }] },
    });
  });

  it("shows jumps by name when the report has no address", async () => {
    const rows = await listTrap(
      { ...NULL_STORE, registers: registersOf("EDX: 00000000") },
      disassembler,
    );
    expect(formatListing(rows)).toContain("   poke+0xd   74 f1                 je     <poke>");
  });

  it("names what a call goes to by the kernel's symbols", async () => {
    const report = reportOf({
      kind: "invalid-opcode",
      arch: "x86-64",
      frames: [frameOf("foo+0x5/0x10", { role: "instruction" })],
      registers: registersOf("RIP: ffffffff81000005"),
      code: codeOf("e8 fb 0f 00 00 <0f> 0b"),
    });
    const rows = await listTrap(report, disassembler, {
      nameOf: (address) => (address === 0xffffffff81001000n ? "panic" : undefined),
    });
    expect(formatListing(rows)).toEqual([
      "   foo+0x0  e8 fb 0f 00 00        call   ffffffff81001000 <panic>",
      "=> foo+0x5  0f 0b                 ud2   BUG() or WARN()",
    ]);
  });

  it("names the check of clang's UBSAN traps", async () => {
    const report = reportOf({ kind: "ubsan", code: codeOf("90 <67> 0f b9 40 12") });
    // The kernel's own text for this number, in arch/x86/kernel/traps.c: handled by report_ubsan_failure().
    expect(formatListing(await listTrap(report, disassembler)).at(-1)).toContain(
      "UBSAN: index out of bounds",
    );
  });

  it("gives no rows without code, or when the trap lies behind it", async () => {
    const report = reportOf({ kind: "panic" });
    expect(await listTrap(report, disassembler)).toEqual([]);
    const code = { bytes: Uint8Array.of(0x90), trapOffset: 1, text: "90" };
    expect(await listTrap({ ...report, code }, disassembler)).toEqual([]);
  });

  it("lists any bytes", async () => {
    let state = 7;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    };
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from({ length: 64 }, next);
      const report = reportOf({
        kind: "page-fault",
        arch: round % 2 === 0 ? "i386" : "x86-64",
        registers: NULL_STORE.registers,
        code: { bytes, trapOffset: next() % 64, text: "" },
      });
      formatListing(await listTrap(report, disassembler, {}));
    }
  });
});

describe("a listing with the file at hand", () => {
  const context = {
    debugInfo: async () => FILE,
    readSource: async (file: string) => SOURCES.get(file),
  };

  it("begins where the function does, and shows where line and function change", async () => {
    expect(formatListing(await listTrap(NULL_STORE, disassembler, context))).toEqual([
      "poke():",
      "drivers/poke.c:7: store(p, 42);",
      "   poke+0x0   55                    push   %ebp",
      "   poke+0x1   89 e5                 mov    %esp,%ebp",
      "   poke+0x3   53                    push   %ebx",
      "   poke+0x4   89 cb                 mov    %ecx,%ebx",
      "store() inlined into poke():",
      "include/store.h:3:",
      "   poke+0x6   b8 2a 00 00 00        mov    $0x2a,%eax",
      "=> poke+0xb   89 02                 mov    %eax,(%edx)   eax=0x2a edx=0 → writes 4 bytes to 0",
      "poke():",
      "drivers/poke.c:9: }",
      "   poke+0xd   74 f1                 je     c1000100 <poke>",
      "   poke+0xf   5b                    pop    %ebx",
      "   poke+0x10  5d                    pop    %ebp",
      "   poke+0x11  c3                    ret",
    ]);
  });

  it("lists the file's own code around a frame", async () => {
    const rows = await listFrame(frameOf("poke+0xb/0x12"), disassembler, context);
    expect(formatListing(rows).slice(-7)).toEqual([
      "=> poke+0x6   b8 2a 00 00 00        mov    $0x2a,%eax",
      "   poke+0xb   89 02                 mov    %eax,(%edx)",
      "poke():",
      "drivers/poke.c:9: }",
      "   poke+0xd   74 f1                 je     <poke>",
      "   poke+0xf   5b                    pop    %ebx",
      "   poke+0x10  5d                    pop    %ebp",
    ]);
  });

  it("gives no rows for a frame that the file does not have", async () => {
    expect(await listFrame(frameOf("other+0x1/0x2"), disassembler, context)).toEqual([]);
    expect(await listFrame(frameOf("poke+0x1/0x12"), disassembler, {})).toEqual([]);
  });
});
