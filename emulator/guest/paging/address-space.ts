import type { Registers } from "../../machine/machine.js";
import { walkFourLevels } from "./four-level.js";
import { walkPae } from "./pae.js";
import type { ReadEntry, WalkResult } from "./page-walk.js";
import { walkTwoLevels } from "./two-level.js";

/** Intel SDM vol. 3A, 2.5. */
const CR0_PG = 1n << 31n;
const CR4_PSE = 1n << 4n;
const CR4_PAE = 1n << 5n;
const CR4_LA57 = 1n << 12n;

const PAGE_BYTES = 4096n;

/** What decides how addresses are translated: the control registers, and the processor's mode. */
export interface PagingMode extends Pick<Registers, "cr0" | "cr3" | "cr4"> {
  /** A processor in 64-bit mode (EFER.LMA), which PAE and paging alone do not tell. */
  readonly longMode: boolean;
}

/** How many bytes an entry of the page tables takes in a mode. */
export function entryBytes({ cr4, longMode }: PagingMode): 4 | 8 {
  return longMode || (cr4 & CR4_PAE) !== 0n ? 8 : 4;
}

/** Looks up a linear address in the page tables that CR3 points to. */
export function lookUpPage(linear: bigint, mode: PagingMode, readEntry: ReadEntry): WalkResult {
  const { cr0, cr3, cr4, longMode } = mode;
  if ((cr0 & CR0_PG) === 0n) return { physical: linear & -PAGE_BYTES, bytes: PAGE_BYTES };
  if (longMode) {
    if ((cr4 & CR4_LA57) !== 0n) return { entry: "pml5e", why: "unsupported" };
    return walkFourLevels(linear, cr3, readEntry);
  }
  if ((cr4 & CR4_PAE) !== 0n) return walkPae(linear, cr3, readEntry);
  return walkTwoLevels(linear, cr3, (cr4 & CR4_PSE) !== 0n, readEntry);
}
