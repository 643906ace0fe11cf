import { ByteWriter } from "../../../debuginfo/gsym/byte-writer.js";
import type { Arch } from "../../../lab/index.js";
import { writeElf } from "./elf-writer.js";

/**
 * Tells gdb how to get over the assembly that the kernel is entered by, which brings no call
 * frame information of its own: without it a backtrace would go on with whatever is on the
 * stack behind the system call. The format is DWARF 5, 6.4, as `.debug_frame` has it.
 */

const DW_CFA_DEF_CFA = 0x0c;
const DW_CFA_UNDEFINED = 0x07;
const DW_CFA_DEF_CFA_EXPRESSION = 0x0f;
const DW_CFA_OFFSET = 0x80;
const DW_OP_AND = 0x1a;
const DW_OP_MUL = 0x1e;
const DW_OP_PLUS = 0x22;
const DW_OP_NE = 0x2e;
const DW_OP_LIT0 = 0x30;
const DW_OP_BREG0 = 0x70;
const CIE_ID = 0xffff_ffff;
/** The augmentation of what is entered like the handler of a signal (LSB Core, "Exception Frames"). */
const SIGNAL_FRAME = "S";

interface EntryLayout {
  readonly bits: 32 | 64;
  /** DWARF's number of the stack pointer, and of the column for the return address. */
  readonly stackPointer: number;
  readonly returnAddress: number;
  readonly savedBytes: number;
  /**
   * Where `struct pt_regs` has a register (arch/x86/include/asm/ptrace.h), by the register's
   * number in DWARF (System V ABI supplements for i386 and x86-64).
   */
  readonly saved: readonly (readonly [register: number, offset: number])[];
  /**
   * What holds in the stubs that interrupts begin with, eight bytes each: `push $vector` and a
   * jump. A machine is often stopped in front of one. Undefined where it is not known.
   */
  readonly stubRules: readonly number[] | undefined;
  /** Programs are below it. */
  readonly userEnd: bigint;
}

const LAYOUTS: Readonly<Record<Arch, EntryLayout>> = {
  i686: {
    bits: 32,
    stackPointer: 4,
    returnAddress: 8,
    savedBytes: 68,
    saved: [
      [3, 0], // ebx
      [1, 4], // ecx
      [2, 8], // edx
      [6, 12], // esi
      [7, 16], // edi
      [5, 20], // ebp
      [0, 24], // eax
      [8, 48], // eip
      [9, 56], // eflags
      [4, 60], // esp, which FIXUP_FRAME of entry_32.S makes right for the kernel, too
    ],
    // The processor has pushed 12 bytes (Intel SDM vol. 3A, 6.12.1); behind the first instruction
    // of a stub, where the address is no multiple of 8 any more, there are 4 more.
    stubRules: [
      DW_CFA_DEF_CFA_EXPRESSION,
      11,
      DW_OP_BREG0 + 4,
      12, // esp + 12
      DW_OP_BREG0 + 8,
      0, // eip
      DW_OP_LIT0 + 7,
      DW_OP_AND,
      DW_OP_LIT0,
      DW_OP_NE,
      DW_OP_LIT0 + 4,
      DW_OP_MUL,
      DW_OP_PLUS,
      DW_CFA_OFFSET | 8,
      3,
      DW_CFA_OFFSET | 9,
      1,
    ],
    userEnd: 0xc000_0000n,
  },
  x86_64: {
    bits: 64,
    stackPointer: 7,
    returnAddress: 16,
    savedBytes: 168,
    saved: [
      [15, 0],
      [14, 8],
      [13, 16],
      [12, 24],
      [6, 32], // rbp
      [3, 40], // rbx
      [11, 48],
      [10, 56],
      [9, 64],
      [8, 72],
      [0, 80], // rax
      [2, 88], // rcx
      [1, 96], // rdx
      [4, 104], // rsi
      [5, 112], // rdi
      [16, 128], // rip
      [49, 144], // rflags
      [7, 152], // rsp
    ],
    stubRules: undefined,
    userEnd: 0x8000_0000_0000n,
  },
};

/** A stretch of assembly that calls C with the saved registers on top of the stack. */
export interface EntryCode {
  /** A symbol at its start. */
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly kind: EntryKind;
}

export type EntryKind =
  /** Entered by a call of what is interrupted nowhere: a system call, a new task. */
  | "call"
  /**
   * Entered between any two instructions, the first of a function included. gdb shows such a frame
   * as `<signal handler called>`, and looks for what it came from at the very address instead of
   * the one before, which would be in the function in front of it.
   */
  | "interrupt"
  /** The stubs that interrupts begin with. */
  | "stubs";

/**
 * Where the entry code of one kind begins, in the order of the addresses (entry_32.S, entry_64.S).
 * A mark that a kernel has not is none of it.
 */
const MARKS: readonly (readonly [symbol: string, kind: EntryKind])[] = [
  ["__entry_text_start", "call"],
  ["irq_entries_start", "stubs"],
  ["asm_exc_divide_error", "interrupt"],
  ["entry_SYSENTER_32", "call"],
  ["restore_all_switch_stack", "interrupt"],
  ["__entry_text_end", "call"],
];

const FORK = "ret_from_fork";
/** It takes less than that, and what follows it is not called with anything on the stack. */
const RET_FROM_FORK_BYTES = 32n;

/**
 * Finds it in a kernel: the entry code proper, and where a new task begins.
 * @param addressOf the address of a symbol.
 */
export function entryCode(addressOf: (name: string) => bigint | undefined): EntryCode[] {
  const code = MARKS.flatMap(([name, kind], index): EntryCode[] => {
    const start = addressOf(name);
    const end = MARKS.slice(index + 1).flatMap(([next]) => addressOf(next) ?? [])[0];
    return start === undefined || end === undefined ? [] : [{ name, start, end, kind }];
  });
  const start = addressOf(FORK);
  if (start === undefined) return code;
  return [...code, { name: FORK, start, end: start + RET_FROM_FORK_BYTES, kind: "call" }];
}

/** A file for gdb that says what lies behind the entry code, and that programs end a backtrace. */
export function makeEntryFrames(arch: Arch, code: readonly EntryCode[]): Uint8Array {
  const layout = LAYOUTS[arch];
  const writer = new ByteWriter();
  const rules = entryRules(layout);
  const cies: Readonly<Record<EntryKind, number | undefined>> = {
    call: writeCie(writer, layout, rules),
    interrupt: writeCie(writer, layout, rules, SIGNAL_FRAME),
    stubs: layout.stubRules && writeCie(writer, layout, layout.stubRules),
  };
  for (const { start, end, kind } of code) {
    const cie = cies[kind];
    if (cie !== undefined) writeFde(writer, layout, cie, start, end - start);
  }
  // A program's frames are none of the kernel's, and gdb would guess at them.
  const end = [DW_CFA_DEF_CFA, layout.stackPointer, 0, DW_CFA_UNDEFINED, layout.returnAddress];
  const programs = writeCie(writer, layout, end);
  writeFde(writer, layout, programs, 0n, layout.userEnd);
  return writeElf({
    bits: layout.bits,
    memory: code.map(({ start, end }, index) => ({
      name: `.entry.${index}`,
      start,
      end,
      kind: "code" as const,
    })),
    // gdb warns of a file without any.
    symbols: code.map(({ name, start }) => ({
      name,
      address: start,
      size: 0,
      kind: "code",
      global: true,
    })),
    debug: [{ name: ".debug_frame", bytes: writer.bytes }],
  });
}

function entryRules({ bits, stackPointer, savedBytes, saved }: EntryLayout): number[] {
  const rules = [DW_CFA_DEF_CFA, stackPointer, ...uleb(savedBytes)];
  for (const [register, offset] of saved) {
    const factored = (savedBytes - offset) / (bits / 8);
    rules.push(DW_CFA_OFFSET | register, ...uleb(factored));
  }
  return rules;
}

/** @returns where it begins. */
function writeCie(
  writer: ByteWriter,
  layout: EntryLayout,
  rules: readonly number[],
  augmentation = "",
): number {
  const start = writer.length;
  writer.u32(0);
  writer.u32(CIE_ID);
  writer.u8(4); // version
  writer.append(new TextEncoder().encode(`${augmentation}\0`));
  writer.u8(layout.bits / 8);
  writer.u8(0); // no segments
  writer.uleb128(1);
  writer.sleb128(-layout.bits / 8);
  writer.uleb128(layout.returnAddress);
  writer.append(Uint8Array.from(rules));
  endRecord(writer, start);
  return start;
}

function writeFde(
  writer: ByteWriter,
  { bits }: EntryLayout,
  cie: number,
  address: bigint,
  bytes: bigint,
): void {
  const start = writer.length;
  writer.u32(0);
  writer.u32(cie);
  for (const value of [address, bytes]) {
    if (bits === 32) writer.u32(Number(value));
    else writer.u64(value);
  }
  endRecord(writer, start);
}

/** DW_CFA_nop is a zero byte. */
function endRecord(writer: ByteWriter, start: number): void {
  writer.align(8);
  writer.setU32(start, writer.length - start - 4);
}

function uleb(value: number): number[] {
  const writer = new ByteWriter();
  writer.uleb128(value);
  return [...writer.bytes];
}
