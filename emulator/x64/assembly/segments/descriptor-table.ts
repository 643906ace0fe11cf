import { SystemAccess } from "../memory/system-access";
import { Processor } from "../state/processor";
import { SegmentBits } from "../state/segment";

/** Of a selector: it is one of the LDT. */
const TABLE_INDICATOR: u32 = 4;

/** Finds descriptors in the GDT and the LDT (SDM vol. 3A, 3.5.1). */
export class DescriptorTable {
  /** No descriptor's address. */
  static readonly OUTSIDE: u64 = ~0;

  /**
   * @param bytes 8, or 16 for system descriptors
   * @returns the linear address of a descriptor, or OUTSIDE the table's limit
   */
  static find(cpu: Processor, selector: u32, bytes: u32): u64 {
    const offset = selector & 0xfff8;
    let base = cpu.gdtBase;
    let limit = cpu.gdtLimit;
    if ((selector & TABLE_INDICATOR) != 0) {
      const ldt = cpu.ldt;
      if ((ldt.attributes & SegmentBits.Present) == 0) return DescriptorTable.OUTSIDE;
      base = ldt.base;
      limit = ldt.limit;
    }
    return offset + bytes - 1 > limit ? DescriptorTable.OUTSIDE : base + offset;
  }

  /** Where the descriptor's first 8 bytes can be read. @returns 0: a fault is pending */
  static readAt(cpu: Processor, address: u64): usize {
    return SystemAccess.readAt<u64>(cpu, address);
  }
}

/**
 * Sets the accessed flag of a descriptor of code or data that is loaded.
 * @returns false: a fault is pending
 */
export function markAccessed(cpu: Processor, address: u64, descriptor: u64): bool {
  if ((descriptor & ((<u64>SegmentBits.Accessed) << 40)) != 0) return true;
  const place = SystemAccess.updateAt<u8>(cpu, address + 5);
  if (place == 0) return false;
  store<u8>(place, load<u8>(place) | SegmentBits.Accessed);
  cpu.written(place);
  return true;
}
