import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";

/**
 * Stores those bytes of a register at DS:rDI whose bit is set in the mask. What the others are
 * written to has to be writable, too: the manual leaves that open, and AMD's processors do so.
 * @returns whether it has; otherwise a fault is pending
 */
export function storeMasked<T>(cpu: Processor, op: Operation, register: usize, mask: u32): bool {
  const pointer = cpu.updateAt<T>(cpu.addressOf<T>(op, true));
  if (pointer == 0) return false;
  for (let byte: usize = 0; byte < sizeof<T>(); byte++) {
    if (((mask >> <u32>byte) & 1) != 0) store<u8>(pointer + byte, load<u8>(register + byte));
  }
  cpu.written(pointer);
  return true;
}
