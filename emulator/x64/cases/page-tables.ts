import { PAGE_BYTES, type Window } from "./layout.js";

/** SDM vol. 3A, table 4-19. */
const PRESENT = 1n;
const WRITABLE = 2n;
const USER = 4n;
const ACCESSED = 0x20n;
const DIRTY = 0x40n;
const NO_EXECUTE = 1n << 63n;
const ADDRESS = 0x000ffffffffff000n;

/** Maps the windows, one after the other from `windowsAt` on, for programs; nothing else. */
export function writePageTables(
  memory: DataView,
  tablesAt: number,
  windows: readonly Window[],
  windowsAt: number,
): void {
  let free = tablesAt + PAGE_BYTES;
  windows.forEach(({ address, writable, executable }, index) => {
    let table = tablesAt;
    for (let level = 3; level > 0; level--) {
      const at = table + entryOffset(address, level);
      let entry = memory.getBigUint64(at, true);
      if (entry === 0n) {
        entry = BigInt(free) | PRESENT | WRITABLE | USER | ACCESSED;
        memory.setBigUint64(at, entry, true);
        free += PAGE_BYTES;
      }
      table = Number(entry & ADDRESS);
    }
    const flags =
      PRESENT |
      USER |
      ACCESSED |
      DIRTY |
      (writable ? WRITABLE : 0n) |
      (executable ? 0n : NO_EXECUTE);
    const page = BigInt(windowsAt + index * PAGE_BYTES);
    memory.setBigUint64(table + entryOffset(address, 0), page | flags, true);
  });
}

const entryOffset = (address: number, level: number): number =>
  (Math.floor(address / 2 ** (12 + 9 * level)) % 512) * 8;
