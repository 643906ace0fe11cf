/** Intel SDM vol. 3A, 4.3 (32-bit paging) and 4.4 (PAE paging): a walk from the outside. */

const CR0_PG = 0x8000_0000;
const CR4_PSE = 1 << 4;
const CR4_PAE = 1 << 5;
const PRESENT = 1;
const USER = 1 << 2;
const PAGE_SIZE = 1 << 7;
/** Bits 31:12 of an entry: the frame of a 4 KiB page or of the next table. */
const FRAME = 0xffff_f000;

export interface PagingRegisters {
  readonly cr0: number;
  readonly cr3: number;
  readonly cr4: number;
}

/** Where a linear address leads. */
export interface Translation {
  readonly physical: number;
  /** Programs may access the page: the U/S bit is set on each level (vol. 3A, 4.6). */
  readonly userAccessible: boolean;
}

/**
 * Translates a linear address as the processor would for a supervisor read, but sets no
 * accessed bit and raises no fault.
 * @param readPhysical32 reads a little-endian double word of guest-physical memory.
 * @returns undefined where nothing is mapped.
 */
export function translateLinear(
  linear: number,
  { cr0, cr3, cr4 }: PagingRegisters,
  readPhysical32: (address: number) => number,
): Translation | undefined {
  if ((cr0 & CR0_PG) === 0) return { physical: linear, userAccessible: false };
  return (cr4 & CR4_PAE) !== 0
    ? walkPae(linear, cr3, readPhysical32)
    : walkTwoLevels(linear, cr3, (cr4 & CR4_PSE) !== 0, readPhysical32);
}

function walkTwoLevels(
  linear: number,
  cr3: number,
  largePages: boolean,
  read: (address: number) => number,
): Translation | undefined {
  const directoryEntry = read(unsigned(cr3 & FRAME) + (linear >>> 22) * 4);
  if ((directoryEntry & PRESENT) === 0) return undefined;
  if (largePages && (directoryEntry & PAGE_SIZE) !== 0) {
    const physical = unsigned((directoryEntry & 0xffc0_0000) | (linear & 0x3f_ffff));
    return { physical, userAccessible: (directoryEntry & USER) !== 0 };
  }
  return readPage(directoryEntry, ((linear >>> 12) & 0x3ff) * 4, linear, read);
}

/** Physical addresses above 4 GiB do not occur: the machines have less memory. */
function walkPae(
  linear: number,
  cr3: number,
  read: (address: number) => number,
): Translation | undefined {
  const pointer = read(unsigned(cr3 & 0xffff_ffe0) + (linear >>> 30) * 8);
  if ((pointer & PRESENT) === 0) return undefined;
  const directoryEntry = read(unsigned(pointer & FRAME) + ((linear >>> 21) & 0x1ff) * 8);
  if ((directoryEntry & PRESENT) === 0) return undefined;
  if ((directoryEntry & PAGE_SIZE) !== 0) {
    const physical = unsigned((directoryEntry & 0xffe0_0000) | (linear & 0x1f_ffff));
    return { physical, userAccessible: (directoryEntry & USER) !== 0 };
  }
  return readPage(directoryEntry, ((linear >>> 12) & 0x1ff) * 8, linear, read);
}

function readPage(
  directoryEntry: number,
  entryOffset: number,
  linear: number,
  read: (address: number) => number,
): Translation | undefined {
  const entry = read(unsigned(directoryEntry & FRAME) + entryOffset);
  if ((entry & PRESENT) === 0) return undefined;
  return {
    physical: unsigned((entry & FRAME) | (linear & 0xfff)),
    userAccessible: (directoryEntry & entry & USER) !== 0,
  };
}

/** Bit operations of JavaScript are signed; addresses are not. */
function unsigned(value: number): number {
  return value >>> 0;
}
