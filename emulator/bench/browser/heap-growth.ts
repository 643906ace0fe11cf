import { Heaps } from "./heaps.js";
import type { LabTab } from "./lab-tab.js";

const ROUNDS = 10;

export interface HeapGrowth {
  readonly rounds: number;
  /** Bytes after a collection, before the first round and after the last: objects and buffers. */
  readonly page: readonly [before: number, after: number];
  readonly worker: readonly [before: number, after: number];
}

/** Freezes the guest and rescues it, over and over. */
export async function measureHeapGrowth(tab: LabTab): Promise<HeapGrowth> {
  const heaps = await Heaps.of(tab.page);
  // The first one compiles and downloads what later ones use again.
  await freezeAndRescue(tab);
  const before = await heaps.used();
  for (let round = 1; round <= ROUNDS; round++) await freezeAndRescue(tab);
  const after = await heaps.used();
  return {
    rounds: ROUNDS,
    page: [before.page, after.page],
    worker: [before.worker, after.worker],
  };
}

async function freezeAndRescue(tab: LabTab): Promise<void> {
  await tab.freeze();
  await tab.rescue();
}
