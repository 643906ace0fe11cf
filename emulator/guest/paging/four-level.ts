import { type Level, type ReadEntry, type WalkResult, walk } from "./page-walk.js";

/** 4-level paging, Intel SDM vol. 3A, 4.5: pages of 4 KiB, 2 MiB and 1 GiB. */
const LEVELS: readonly Level[] = [
  { entry: "pml4e", shift: 39n, indexBits: 9n, largePages: false },
  { entry: "pdpte", shift: 30n, indexBits: 9n, largePages: true },
  { entry: "pde", shift: 21n, indexBits: 9n, largePages: true },
  { entry: "pte", shift: 12n, indexBits: 9n, largePages: false },
];
/** Bits 51:12. */
const FRAME = 0x000f_ffff_ffff_f000n;

/** Looks up a linear address in four levels of tables with entries of 8 bytes. */
export function walkFourLevels(linear: bigint, cr3: bigint, readEntry: ReadEntry): WalkResult {
  // Vol. 1, 3.3.7.1: bits 63:47 of an address are all alike.
  if (BigInt.asUintN(64, BigInt.asIntN(48, linear)) !== BigInt.asUintN(64, linear)) {
    return { entry: "non-canonical", why: "not-present" };
  }
  return walk(linear, cr3 & FRAME, LEVELS, 8n, FRAME, readEntry);
}
