import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";

/** Of an 80-bit number. */
const EXTENDED_BYTES: u64 = 10;

/** Reads an operand that is an 80-bit number. @returns false: a fault is pending */
export function readExtended(cpu: Processor, op: Operation, to: usize): bool {
  const address = cpu.addressOfBytes(op, EXTENDED_BYTES, false);
  const low = cpu.readAt<u64>(address);
  if (low == 0) return false;
  // What was read may lie in scratch memory that the second access uses, too.
  const significand = load<u64>(low);
  const high = cpu.readAt<u16>(address + 8);
  if (high == 0) return false;
  store<u16>(to, load<u16>(high), 8);
  store<u64>(to, significand);
  return true;
}

/**
 * Writes an operand that is an 80-bit number, all or nothing, if no exception forbids it; otherwise
 * it is only looked whether it could be.
 * @returns false: a fault is pending
 */
export function writeExtended(cpu: Processor, op: Operation, from: usize, isAllowed: bool): bool {
  const address = cpu.addressOfBytes(op, EXTENDED_BYTES, true);
  if (cpu.updateAt<u64>(address) == 0 || cpu.updateAt<u16>(address + 8) == 0) return false;
  if (!isAllowed) return true;
  if (!cpu.writeAt<u16>(address + 8, load<u16>(from, 8))) return false;
  return cpu.writeAt<u64>(address, load<u64>(from));
}

/**
 * Reads a structure of an even number of bytes. After its first word, a processor looks for the
 * last one, which shows in CR2. @returns false: a fault is pending
 */
export function readStructure(cpu: Processor, address: u64, size: u32, to: usize): bool {
  if (!canReadEnds(cpu, address, size)) return false;
  let done: u32 = 0;
  for (; done + 8 <= size; done += 8) {
    const pointer = cpu.readAt<u64>(address + done);
    if (pointer == 0) return false;
    store<u64>(to + done, load<u64>(pointer));
  }
  for (; done < size; done += 2) {
    const pointer = cpu.readAt<u16>(address + done);
    if (pointer == 0) return false;
    store<u16>(to + done, load<u16>(pointer));
  }
  return true;
}

function canReadEnds(cpu: Processor, address: u64, size: u32): bool {
  return cpu.readAt<u16>(address) != 0 && cpu.readAt<u8>(address + size - 1) != 0;
}

/**
 * Writes a structure of an even number of bytes, less than a page, all or nothing.
 * @returns false: a fault is pending
 */
export function writeStructure(cpu: Processor, address: u64, size: u32, from: usize): bool {
  // No page between the first and the last byte: nothing faults after these two.
  if (cpu.updateAt<u16>(address) == 0 || cpu.updateAt<u8>(address + size - 1) == 0) return false;
  if (cpu.updateAt<u64>(address) == 0) return false;
  let done: u32 = 0;
  for (; done + 8 <= size; done += 8) {
    if (!cpu.writeAt<u64>(address + done, load<u64>(from + done))) return false;
  }
  for (; done < size; done += 2) {
    if (!cpu.writeAt<u16>(address + done, load<u16>(from + done))) return false;
  }
  return true;
}
