/** What a processor has had to do besides executing instructions: for whoever looks where time goes. */
import { BlockCache } from "../blocks/block-cache";
import { Processor } from "./processor";

export enum Counter {
  DecodedBlocks = 0,
  DecodedInstructions = 1,
  /** Pages whose blocks were dropped, as the page was written. */
  Invalidations = 2,
  /** How often all blocks were dropped. */
  Flushes = 3,
  /** Accesses that no TLB had the translation for, or that needed more than a translation. */
  PageWalks = 4,
}

/** @returns a count, exact up to 2^53 */
export function counterOf(cpu: Processor, counter: i32): f64 {
  const cache = changetype<BlockCache>(cpu.blocks);
  switch (counter) {
    case Counter.DecodedBlocks:
      return <f64>cache.decodedBlocks;
    case Counter.DecodedInstructions:
      return <f64>cache.decodedInstructions;
    case Counter.Invalidations:
      return <f64>cache.invalidations;
    case Counter.Flushes:
      return <f64>cache.flushes;
    default:
      return <f64>cpu.pageWalks;
  }
}
