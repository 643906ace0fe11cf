import type { Access, Disassembler, Instruction, MemoryUse } from "./instruction.js";
import { registerValue } from "./registers.js";

/** Memory that the trapping instruction went to, with the registers' values put in. */
export interface MemoryAccess {
  readonly use: MemoryUse;
  /** The linear address; undefined where a register or a segment's base is not known. */
  readonly address: bigint | undefined;
  readonly access: Access;
  /** In bytes, where it is known. */
  readonly size: number | undefined;
  /** The page fault's address lies in it. */
  readonly faulted: boolean;
}

/** What the registers held, and so where it went, when an instruction was about to be executed. */
export interface OperandValues {
  /** Of the registers that it reads, in the order in which it names them. */
  readonly registers: readonly { readonly name: string; readonly value: bigint }[];
  readonly memory: readonly MemoryAccess[];
}

const SEGMENTS = new Set(["cs", "ds", "es", "fs", "gs", "ss"]);
/** Selectors have 16 bits. What is larger is the segment's base, which 64-bit reports print. */
const LARGEST_SELECTOR = 0xffffn;

export function operandValues(
  disassembler: Disassembler,
  instruction: Instruction,
  registers: ReadonlyMap<string, bigint>,
): OperandValues {
  const uses = disassembler.accesses(instruction);
  const place = (name: string): number => {
    const at = instruction.text.indexOf(`%${name}`);
    return at < 0 ? instruction.text.length : at;
  };
  const read = uses.registers
    .filter(({ name, access }) => access !== "write" && !SEGMENTS.has(name))
    .map(({ name }) => name)
    .sort((a, b) => place(a) - place(b));
  return {
    registers: [...new Set(read)].flatMap((name) => {
      const value = registerValue(registers, name);
      return value === undefined ? [] : [{ name, value }];
    }),
    memory: uses.memory.map((use) => memoryAccess(use, instruction, registers)),
  };
}

function memoryAccess(
  use: MemoryUse,
  { bits }: Instruction,
  registers: ReadonlyMap<string, bigint>,
): MemoryAccess {
  const address = linearAddress(use, bits, registers);
  const { access, size } = use;
  const fault = registers.get("cr2");
  const faulted =
    address !== undefined &&
    fault !== undefined &&
    fault >= address &&
    // An access that crosses a page's end faults on the second page.
    fault < address + BigInt(size ?? 1);
  return { use, address, access, size, faulted };
}

/** Intel SDM vol. 1, 3.7.5: the kernel's flat segments have the base 0. */
function linearAddress(
  { segment, base, index, scale, displacement }: MemoryUse,
  bits: number,
  registers: ReadonlyMap<string, bigint>,
): bigint | undefined {
  const start = segmentBase(segment, bits, registers);
  const baseValue = base === undefined ? 0n : registerValue(registers, base);
  const indexValue = index === undefined ? 0n : registerValue(registers, index);
  if (start === undefined || baseValue === undefined || indexValue === undefined) return undefined;
  const sum = start + baseValue + indexValue * BigInt(scale) + displacement;
  return BigInt.asUintN(bits, sum);
}

function segmentBase(
  segment: string,
  bits: number,
  registers: ReadonlyMap<string, bigint>,
): bigint | undefined {
  if (segment !== "fs" && segment !== "gs") return 0n;
  const printed = registers.get(segment);
  return bits === 64 && printed !== undefined && printed > LARGEST_SELECTOR ? printed : undefined;
}

/** `edx=0x0 eax=0x2a → writes 4 bytes to 0x0`. */
export function formatOperandValues({ registers, memory }: OperandValues): string {
  const values = registers.map(({ name, value }) => `${name}=${hex(value)}`).join(" ");
  const accesses = memory.flatMap((access) => {
    const text = formatAccess(access);
    return text === undefined ? [] : [text];
  });
  return [values, accesses.length === 0 ? "" : `→ ${accesses.join(", ")}`]
    .filter((part) => part !== "")
    .join(" ");
}

function formatAccess({ use, address, access, size }: MemoryAccess): string | undefined {
  const verb = { read: "reads", write: "writes", "read-write": "reads and writes" }[access];
  const amount = size === undefined ? "" : ` ${size} byte${size === 1 ? "" : "s"}`;
  const preposition = access === "write" ? "to" : "at";
  if (address !== undefined) return `${verb}${amount} ${preposition} ${hex(address)}`;
  const perCpu = use.segment === "fs" || use.segment === "gs";
  if (!perCpu || use.base !== undefined || use.index !== undefined) return undefined;
  return `${verb}${amount} ${preposition} per-CPU offset ${hex(use.displacement)}`;
}

function hex(value: bigint): string {
  return value === 0n ? "0" : `0x${value.toString(16)}`;
}
