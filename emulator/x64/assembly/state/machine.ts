import { Processor } from "./processor";

/** What processors share: the memory. */
@unmanaged
export class Machine {
  /** Address of the guest's memory in ours. */
  ram: usize;
  /** Its size in bytes: a multiple of 4096, below 4 GiB. */
  ramSize: u32;
  /** One byte for each of its pages, of {@link PageUse}. */
  pageUse: usize;
  /** The processors, linked by `Processor.nextProcessor`. */
  firstProcessor: Processor | null;
}

export enum PageUse {
  /** Some processor has decoded what is in it. */
  Code = 1 << 0,
}
