/** Bits of an entry: SDM vol. 3A, table 4-20. */
const PRESENT = 1n << 0n;
const WRITABLE = 1n << 1n;
const USER = 1n << 2n;
const NO_EXECUTE = 1n << 63n;
const ADDRESS = 0x000ffffffffff000n;
const LEVELS = 4;
const ENTRY_BYTES = 8;

export interface PageRights {
  readonly isUser: boolean;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
}

/** Four-level page tables in the guest's memory, of pages of 4 KiB (SDM vol. 3A, 4.5). */
export class PageTables {
  /** Physical address of the page map (PML4), for CR3. */
  readonly root: number;
  readonly #view: DataView;
  readonly #takeTable: () => number;

  /** @param takeTable gives the physical address of a page of zeros; what it throws is passed on */
  constructor(ram: Uint8Array, takeTable: () => number) {
    this.#view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
    this.#takeTable = takeTable;
    this.root = takeTable();
  }

  /** Maps a page. What was mapped there before may still be in the TLB. */
  map(page: bigint, frame: number, { isUser, isWritable, isExecutable }: PageRights): void {
    const entry =
      BigInt(frame) |
      PRESENT |
      (isWritable ? WRITABLE : 0n) |
      (isUser ? USER : 0n) |
      (isExecutable ? 0n : NO_EXECUTE);
    this.#view.setBigUint64(this.#slot(page), entry, true);
  }

  unmap(page: bigint): void {
    this.#view.setBigUint64(this.#slot(page), 0n, true);
  }

  /** Where the page's entry of the lowest level is; the tables above it are made. */
  #slot(page: bigint): number {
    let table = this.root;
    for (let level = LEVELS - 1; level > 0; level--) {
      const slot = table + indexAt(page, level);
      const entry = this.#view.getBigUint64(slot, true);
      if ((entry & PRESENT) !== 0n) {
        table = Number(entry & ADDRESS);
        continue;
      }
      table = this.#takeTable();
      // What may be done is up to the lowest level.
      this.#view.setBigUint64(slot, BigInt(table) | PRESENT | WRITABLE | USER, true);
    }
    return table + indexAt(page, 0);
  }
}

/** Offset of the entry for an address in a table; level 0 is the page table. */
function indexAt(address: bigint, level: number): number {
  return Number((address >> BigInt(12 + 9 * level)) & 511n) * ENTRY_BYTES;
}
