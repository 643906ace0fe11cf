import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

/** What an address alone does not say of how its bytes are decoded (`Processor.blockMode`). */
export enum BlockMode {
  /** 64-bit code. */
  Long = 1 << 0,
  /** Not 64-bit: operands and addresses have 32 bits by default, not 16. */
  Default32 = 1 << 1,
  /** Not 64-bit: some segment has a base or a limit. */
  Segmented = 1 << 2,
  /** CPL is not 0. */
  Unprivileged = 1 << 3,
}

/** Instructions that follow each other in one page, decoded; its operations lie behind it. */
@unmanaged
export class Block {
  /** Address of the first instruction in the guest's memory. */
  physical: u32;
  /** Of {@link BlockMode}. */
  mode: u32;
  /** How many instructions it has; the operation that only ends it does not count. */
  count: u16;
  /** How many bytes they have together. */
  bytes: u16;
  /** 0 when it was dropped. */
  isValid: u32;
  /** The next one with the same hash. */
  nextInBucket: usize;
  /** The next one in the same page. */
  nextInPage: usize;

  @inline get first(): Operation {
    return changetype<Operation>(changetype<usize>(this) + offsetof<Block>());
  }
}

/** Whether instructions of a page of the guest's memory are being executed. */
export function isExecuting(cpu: Processor, page: u32): bool {
  const block = cpu.currentBlock;
  return block != 0 && changetype<Block>(block).physical >> 12 == page;
}
