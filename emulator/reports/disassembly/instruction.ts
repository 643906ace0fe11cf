/** What an instruction does with a register or with memory. */
export type Access = "read" | "write" | "read-write";

export interface RegisterUse {
  /** In lower case, without `%`: `eax`, `al`, `r8d`, `gs`. */
  readonly name: string;
  readonly access: Access;
}

/**
 * Memory that an instruction goes to, explicitly or (as `push` and `movs` do) implicitly: Intel
 * SDM vol. 1, 3.7.5. The address is segment base + base + index·scale + displacement.
 */
export interface MemoryUse {
  readonly segment: string;
  readonly base: string | undefined;
  readonly index: string | undefined;
  readonly scale: number;
  /**
   * As an unsigned number of the instruction's address size. Of a RIP-relative operand it is
   * the whole address, and there is no base.
   */
  readonly displacement: bigint;
  /** In bytes; undefined where it depends on more than the instruction, as for `fxsave`. */
  readonly size: number | undefined;
  readonly access: Access;
}

export type Flow =
  | "next"
  | "jump"
  | "conditional-jump"
  | "call"
  | "return"
  /** `int3`, `int`, `syscall`. */
  | "interrupt"
  /** `ud2` and its kin, and bytes that are no instruction. */
  | "exception"
  | "other";

export interface Instruction {
  readonly address: bigint;
  readonly bits: 16 | 32 | 64;
  readonly bytes: Uint8Array;
  /**
   * In AT&T syntax, spelled and spaced as objdump does it: `mov    %eax,(%edx)`. `(bad)` for
   * bytes that are no instruction.
   */
  readonly text: string;
  /** The first word of the text that is no prefix. */
  readonly mnemonic: string;
  readonly flow: Flow;
  /** Where a direct jump or call goes. */
  readonly target: bigint | undefined;
  /** The whole address that a RIP-relative operand means. */
  readonly relativeAddress: bigint | undefined;
}

export interface Accesses {
  readonly registers: readonly RegisterUse[];
  readonly memory: readonly MemoryUse[];
}

/** What the listing and the explanations need of a disassembler, whichever it is. */
export interface Disassembler {
  /**
   * Decodes all bytes, one instruction behind the other; bytes that are none become `(bad)`, one
   * at a time. Never throws, whatever the bytes.
   */
  decode(code: Uint8Array, bits: 16 | 32 | 64, address: bigint): Instruction[];
  /** What an instruction that {@link decode} returned reads and writes. */
  accesses(instruction: Instruction): Accesses;
}

export type DisassemblerErrorCode = "unfit-disassembler";

export class DisassemblerError extends Error {
  override readonly name = "DisassemblerError";
  readonly code: DisassemblerErrorCode;

  constructor(code: DisassemblerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
