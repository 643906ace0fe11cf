import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { codeOf, registersOf } from "../explain/test-support/report.js";
import { icedDisassembler } from "./iced.js";
import type { Disassembler } from "./instruction.js";
import { formatOperandValues, operandValues } from "./operand-values.js";

let disassembler: Disassembler;

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("iced-x86/iced_x86_bg.wasm");
  disassembler = await icedDisassembler(await WebAssembly.compile(await readFile(path)));
});

function values(code: string, bits: 32 | 64, registers: string, address = 0n): string {
  const [instruction] = disassembler.decode(codeOf(code).bytes, bits, address);
  if (instruction === undefined) throw new Error("no instruction");
  return formatOperandValues(operandValues(disassembler, instruction, registersOf(registers)));
}

describe("operand values", () => {
  it("stand in the order of the operands, with what happens where", () => {
    // mov %eax,0x8(%edx,%ecx,4)
    expect(values("89 44 8a 08", 32, "EAX: 0000002a ECX: 00000003 EDX: c1000000")).toBe(
      "eax=0x2a edx=0xc1000000 ecx=0x3 → writes 4 bytes to 0xc1000014",
    );
  });

  it("wrap at the end of the address space", () => {
    // mov 0x10(%ebx),%al
    expect(values("8a 43 10", 32, "EBX: fffffff4")).toBe("ebx=0xfffffff4 → reads 1 byte at 0x4");
  });

  it("tell reading from writing, and both at once", () => {
    expect(values("f0 ff 00", 32, "EAX: c1000000")).toBe(
      "eax=0xc1000000 → reads and writes 4 bytes at 0xc1000000",
    );
  });

  it("count what an instruction uses without naming it", () => {
    // push %ebp writes below the stack pointer.
    expect(values("55", 32, "EBP: 00000001 ESP: c1002000")).toBe(
      "ebp=0x1 esp=0xc1002000 → writes 4 bytes to 0xc1001ffc",
    );
    // rep movsb: the count decides how much.
    expect(values("f3 a4", 64, "RSI: 1000 RDI: 2000 RCX: 5")).toBe(
      "rsi=0x1000 rdi=0x2000 rcx=0x5 → writes to 0x2000, reads at 0x1000",
    );
  });

  it("know per-CPU data, with and without the segment's base", () => {
    // mov %gs:0x28,%rax
    const canary = "65 48 8b 04 25 28 00 00 00";
    expect(values(canary, 64, "GS: ffff88807dd00000")).toBe(
      "→ reads 8 bytes at 0xffff88807dd00028",
    );
    expect(values(canary, 64, "GS: 0000")).toBe("→ reads 8 bytes at per-CPU offset 0x28");
    // mov %fs:0xc1a2b3c4,%eax; FS is a selector in 32-bit reports.
    expect(values("64 a1 c4 b3 a2 c1", 32, "FS: 00d8")).toBe(
      "→ reads 4 bytes at per-CPU offset 0xc1a2b3c4",
    );
  });

  it("know where a RIP-relative operand lies", () => {
    expect(values("8b 05 34 12 00 00", 64, "RAX: 0", 0xffffffff81000000n)).toBe(
      "→ reads 4 bytes at 0xffffffff8100123a",
    );
  });

  it("say nothing of what the report does not have", () => {
    expect(values("89 02", 32, "EAX: 0000002a")).toBe("eax=0x2a");
    expect(values("90", 32, "")).toBe("");
  });
});
