import { orElse } from "../errors.js";
import type { GuestMemory } from "../memory/guest-memory.js";

/** A call instruction, by the address behind it. */
export interface CallSite {
  /** The function that it calls; undefined for a call through a register or memory. */
  readonly target: bigint | undefined;
}

/** Intel SDM vol. 2A, CALL: E8 with a displacement of 32 bits from the next instruction. */
const CALL_RELATIVE = 0xe8;
const CALL_RELATIVE_BYTES = 5;
/** FF /2: through a register or memory; the operand's form decides on the length (table 2-2). */
const CALL_INDIRECT = 0xff;
const LONGEST_INDIRECT = 7;

/** The call that ends where an address is: undefined if none can. */
export function callBefore(memory: GuestMemory, address: bigint): CallSite | undefined {
  const bytes = orElse(
    () => memory.read(memory.wrap(address - BigInt(LONGEST_INDIRECT)), LONGEST_INDIRECT),
    () => undefined,
  );
  if (bytes === undefined) return undefined;
  const at = LONGEST_INDIRECT - CALL_RELATIVE_BYTES;
  if (bytes[at] === CALL_RELATIVE) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return { target: memory.wrap(address + BigInt(view.getInt32(at + 1, true))) };
  }
  for (let length = 2; length <= LONGEST_INDIRECT; length++) {
    const start = LONGEST_INDIRECT - length;
    const [opcode, modRm = 0, sib = 0] = bytes.subarray(start);
    if (opcode === CALL_INDIRECT && indirectLength(modRm, sib) === length) {
      return { target: undefined };
    }
  }
  return undefined;
}

/** Bytes of FF /2 with this operand; undefined for another instruction of FF. */
function indirectLength(modRm: number, sib: number): number | undefined {
  if (((modRm >>> 3) & 7) !== 2) return undefined;
  const mode = modRm >>> 6;
  const operand = modRm & 7;
  if (mode === 3) return 2;
  const hasSib = operand === 4;
  const baseless = hasSib ? (sib & 7) === 5 : operand === 5;
  const displacement = mode === 1 ? 1 : mode === 2 || baseless ? 4 : 0;
  return 2 + (hasSib ? 1 : 0) + displacement;
}
