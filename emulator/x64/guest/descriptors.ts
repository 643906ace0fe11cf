/**
 * Linux's descriptors, arch/x86/include/asm/segment.h and kernel/cpu/common.c (gdt_page), as far as
 * a program sees them by loading selectors.
 */
const DESCRIPTORS: readonly (readonly [index: number, descriptor: bigint])[] = [
  // The kernel's: code of 32 and of 64 bits, data.
  [1, 0x00cf9b000000ffffn],
  [2, 0x00af9b000000ffffn],
  [3, 0x00cf93000000ffffn],
  // Programs': code of 32 bits, data, code of 64 bits.
  [4, 0x00cffb000000ffffn],
  [5, 0x00cff3000000ffffn],
  [6, 0x00affb000000ffffn],
];

/** GDT_ENTRIES. */
const ENTRIES = 16;

/** @returns the table's limit */
export function writeDescriptors(memory: DataView, at: number): number {
  for (const [index, descriptor] of DESCRIPTORS) {
    memory.setBigUint64(at + index * 8, descriptor, true);
  }
  return ENTRIES * 8 - 1;
}

/** A segment with a base and a limit below 1 MiB in bytes; attributes as `assembly/state/segment.ts`. */
export interface SmallSegment {
  readonly base: number;
  readonly limit: number;
  readonly attributes: number;
}

/** Writes an LDT (SDM vol. 3A, 3.4.5). */
export function writeLocalDescriptors(
  memory: DataView,
  at: number,
  segments: readonly SmallSegment[],
): void {
  segments.forEach(({ base, limit, attributes }, index) => {
    const low = (limit & 0xffff) | ((base & 0xffff) << 16);
    const kind = ((attributes & 0xff) << 8) | ((attributes & 0xf000) << 8);
    const high = ((base >>> 16) & 0xff) | kind | (limit & 0xf0000) | (base & 0xff000000);
    memory.setInt32(at + index * 8, low, true);
    memory.setInt32(at + index * 8 + 4, high, true);
  });
}
