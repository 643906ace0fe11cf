/** A translation that a page table gives. */
export interface Page {
  /** Guest-physical address of the page's first byte. */
  readonly physical: bigint;
  /** 4 KiB, or more for a large page. */
  readonly bytes: bigint;
}

/** Why a linear address has no physical one. */
export type NotMapped = {
  /** Which table's entry ends the walk, by the manual's name; `pml5e` needs five levels. */
  readonly entry: "pml5e" | "pml4e" | "pdpte" | "pde" | "pte" | "non-canonical";
  readonly why: "not-present" | "outside-memory" | "unsupported";
};

export type WalkResult = Page | NotMapped;

/** Reads a table's entry of guest-physical memory, 4 or 8 bytes; undefined outside of memory. */
export type ReadEntry = (physical: bigint) => bigint | undefined;

/** Intel SDM vol. 3A, 4.3 to 4.5: bits that entries of all kinds of tables share. */
const PRESENT = 1n;
const PAGE_SIZE = 1n << 7n;

/** One level of a walk: which bits of the linear address choose the entry, and how large it is. */
export interface Level {
  readonly entry: "pml4e" | "pdpte" | "pde" | "pte";
  /** Bits of the linear address below those that choose the entry. */
  readonly shift: bigint;
  readonly indexBits: bigint;
  /** An entry may map a large page itself. */
  readonly largePages: boolean;
}

/**
 * Walks from a table down as the processor would for a read by the kernel, but sets no accessed
 * bit and raises no fault.
 * @param frame the bits of an entry that say where the next table or the page is.
 * @param largeFrame of an entry that maps a large page, where its bits say that otherwise.
 */
export function walk(
  linear: bigint,
  root: bigint,
  levels: readonly Level[],
  entryBytes: bigint,
  frame: bigint,
  readEntry: ReadEntry,
  largeFrame: (entry: bigint, pageMask: bigint) => bigint = (entry, mask) => entry & frame & ~mask,
): WalkResult {
  let table = root;
  for (const { entry: name, shift, indexBits, largePages } of levels) {
    const index = (linear >> shift) & ((1n << indexBits) - 1n);
    const entry = readEntry(table + index * entryBytes);
    if (entry === undefined) return { entry: name, why: "outside-memory" };
    if ((entry & PRESENT) === 0n) return { entry: name, why: "not-present" };
    const bytes = 1n << shift;
    if (name === "pte") return { physical: entry & frame, bytes };
    if (largePages && (entry & PAGE_SIZE) !== 0n) {
      return { physical: largeFrame(entry, bytes - 1n), bytes };
    }
    table = entry & frame;
  }
  return { entry: "pte", why: "unsupported" };
}
