import { CodeRelocations } from "../../debuginfo/code-relocations.js";
import { type LockFunction, lockFunction } from "./lock-functions.js";

/** An instruction of a module's code that goes to a function that takes a lock. */
export interface CallSite {
  /** The section's name, as the kernel has it in `struct module`, too. */
  readonly section: string;
  /** Of the instruction, in its section. */
  readonly offset: number;
  /**
   * Of the instruction that it comes back to; undefined for a jump, which leaves that to the
   * function that it stands in.
   */
  readonly returnOffset: number | undefined;
  /** As it is called; the function that the site lies in is `function`. */
  readonly callee: LockFunction;
}

export interface CallSites {
  readonly sites: readonly CallSite[];
  /** Takings of locks by other instructions, such as conditional jumps, which are not followed. */
  readonly others: number;
}

/** Intel SDM vol. 2A: CALL rel32 and JMP rel32, an opcode and the distance. */
const CALL = 0xe8;
const JUMP = 0xe9;
const DISTANCE_BYTES = 4;

/**
 * Finds where a module calls the functions that take locks: each such call is a relocation, since
 * only the loader knows where the kernel's functions are.
 * @param bytes a `.ko`.
 * @throws ElfError
 */
export function lockCallSites(bytes: Uint8Array): CallSites {
  const relocations = new CodeRelocations(bytes);
  const sites: CallSite[] = [];
  let others = 0;
  for (const { section, relocation } of relocations.all()) {
    const callee = relocation.symbol === undefined ? undefined : lockFunction(relocation.symbol);
    const header = relocations.elf.sections[section];
    if (callee === undefined || header === undefined || !relocations.hasCode(section)) continue;
    const offset = relocation.offset - 1;
    const opcode = relocations.elf.read(header)[offset];
    if (opcode !== CALL && opcode !== JUMP) {
      others++;
      continue;
    }
    const end = relocation.offset + DISTANCE_BYTES;
    sites.push({
      section: header.name,
      offset,
      returnOffset: opcode === CALL ? end : undefined,
      callee,
    });
  }
  return { sites, others };
}
