import { type Level, type ReadEntry, type WalkResult, walk } from "./page-walk.js";

/** 32-bit paging, Intel SDM vol. 3A, 4.3. */
const PTE: Level = { entry: "pte", shift: 12n, indexBits: 10n, largePages: false };
const SMALL: readonly Level[] = [
  { entry: "pde", shift: 22n, indexBits: 10n, largePages: false },
  PTE,
];
const LARGE: readonly Level[] = [
  { entry: "pde", shift: 22n, indexBits: 10n, largePages: true },
  PTE,
];
const FRAME = 0xffff_f000n;
/** Table 4-4: bits 20:13 of the entry of a 4 MiB page are bits 39:32 of its address (PSE-36). */
const HIGH_BITS_SHIFT = 13n;
const HIGH_BITS = 0xffn;

/**
 * Looks up a linear address in two levels of tables with entries of 4 bytes.
 * @param largePages CR4.PSE: 4 MiB pages are on.
 */
export function walkTwoLevels(
  linear: bigint,
  cr3: bigint,
  largePages: boolean,
  readEntry: ReadEntry,
): WalkResult {
  return walk(
    linear & 0xffff_ffffn,
    cr3 & FRAME,
    largePages ? LARGE : SMALL,
    4n,
    FRAME,
    readEntry,
    (entry, pageMask) =>
      (entry & FRAME & ~pageMask) | (((entry >> HIGH_BITS_SHIFT) & HIGH_BITS) << 32n),
  );
}
