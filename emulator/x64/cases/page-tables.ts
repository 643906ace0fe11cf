import { PAGE_BYTES } from "./layout.js";

/** SDM vol. 3A, table 4-19. */
const PRESENT = 1n;
const WRITABLE = 2n;
const USER = 4n;
const ACCESSED = 0x20n;
const DIRTY = 0x40n;
const NO_EXECUTE = 1n << 63n;
const ADDRESS = 0x000ffffffffff000n;

export interface Mapping {
  readonly linear: bigint;
  readonly physical: number;
  readonly writable: boolean;
  readonly executable: boolean;
  /** Programs may use it. */
  readonly user: boolean;
}

/** Page tables with these pages and nothing else, from `at` on. */
export function writePageTables(memory: DataView, at: number, mappings: readonly Mapping[]): void {
  let free = at + PAGE_BYTES;
  for (const { linear, physical, writable, executable, user } of mappings) {
    let table = at;
    for (let level = 3; level > 0; level--) {
      const entryAt = table + entryOffset(linear, level);
      let entry = memory.getBigUint64(entryAt, true);
      if (entry === 0n) {
        entry = BigInt(free) | PRESENT | WRITABLE | USER | ACCESSED;
        memory.setBigUint64(entryAt, entry, true);
        free += PAGE_BYTES;
      }
      table = Number(entry & ADDRESS);
    }
    const flags =
      PRESENT |
      ACCESSED |
      DIRTY |
      (user ? USER : 0n) |
      (writable ? WRITABLE : 0n) |
      (executable ? 0n : NO_EXECUTE);
    memory.setBigUint64(table + entryOffset(linear, 0), BigInt(physical) | flags, true);
  }
}

const entryOffset = (linear: bigint, level: number): number =>
  Number((linear >> BigInt(12 + 9 * level)) & 511n) * 8;
