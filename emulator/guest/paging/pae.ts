import { type Level, type ReadEntry, type WalkResult, walk } from "./page-walk.js";

/**
 * PAE paging, Intel SDM vol. 3A, 4.4. The processor keeps the four PDPTEs in registers and loads
 * them with CR3; Linux changes them in memory only together with that.
 */
const LEVELS: readonly Level[] = [
  { entry: "pdpte", shift: 30n, indexBits: 2n, largePages: false },
  { entry: "pde", shift: 21n, indexBits: 9n, largePages: true },
  { entry: "pte", shift: 12n, indexBits: 9n, largePages: false },
];
/** Bits 51:12; bit 63 forbids execution, those between are ignored or reserved. */
const FRAME = 0x000f_ffff_ffff_f000n;
/** CR3 bits 31:5: the four entries are aligned to 32 bytes, not to a page. */
const ROOT = 0xffff_ffe0n;

/** Looks up a linear address in three levels of tables with entries of 8 bytes. */
export function walkPae(linear: bigint, cr3: bigint, readEntry: ReadEntry): WalkResult {
  return walk(linear & 0xffff_ffffn, cr3 & ROOT, LEVELS, 8n, FRAME, readEntry);
}
