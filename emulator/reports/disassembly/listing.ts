import type { DebugInfo } from "../../debuginfo/debug-info.js";
import type { OperandValues } from "./operand-values.js";

/** A line of a listing of code. */
export type ListingRow = FunctionRow | SourceRow | InstructionRow;

/** From here on the code is of another function, or of another one inlined into it. */
export interface FunctionRow {
  readonly kind: "function";
  /** From the innermost, whose source lines follow, to the one that all is inlined into. */
  readonly functions: readonly string[];
}

export interface SourceRow {
  readonly kind: "source";
  /** As the debug information names it. */
  readonly file: string;
  readonly line: number;
  /** The line itself, without its indentation; undefined where the file is not at hand. */
  readonly text: string | undefined;
}

export interface InstructionRow {
  readonly kind: "instruction";
  readonly address: bigint | undefined;
  /** The function's symbol and the bytes from its start. */
  readonly symbol: string | undefined;
  readonly offset: number | undefined;
  readonly bytes: Uint8Array;
  /** In AT&T syntax, as objdump writes it. */
  readonly text: string;
  /** What a jump, a call or a RIP-relative operand refers to, by name: `kfree+0x10`. */
  readonly reference: string | undefined;
  /** The one at the instruction pointer. */
  readonly trapping: boolean;
  /** For an instruction that traps on purpose: what for. */
  readonly meaning: string | undefined;
  /** Of the trapping instruction. */
  readonly values: OperandValues | undefined;
}

/** What else is known of the code; all of it may be missing. */
export interface ListingContext {
  /** The debug information of a module, or of the kernel itself for `undefined`. */
  debugInfo?(module: string | undefined): Promise<DebugInfo | undefined>;
  /** The text of a source file that the debug information names. */
  readSource?(file: string): Promise<string | undefined>;
  /** A module's ELF file: its relocations name what its code refers to. */
  moduleFile?(module: string): Promise<Uint8Array | undefined>;
  /** The symbol that an address of the running kernel lies in, with the offset. */
  nameOf?(address: bigint): string | undefined;
}
