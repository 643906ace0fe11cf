/** The segment registers by the number that instructions have for them; and two that have none. */
export enum SegmentName {
  Es = 0,
  Cs = 1,
  Ss = 2,
  Ds = 3,
  Fs = 4,
  Gs = 5,
  Ldtr = 6,
  Tr = 7,
}

/** A segment register with the part that programs do not see (SDM vol. 3A, 3.4.3). */
@unmanaged
export class Segment {
  base: u64 = 0;
  /** In bytes: of the last one that may be addressed. */
  limit: u32 = 0;
  selector: u16 = 0;
  /**
   * Bits 8 to 23 of the descriptor's second doubleword, shifted down by 8: type (0 to 3), S (4),
   * DPL (5 and 6), P (7), then AVL (12), L (13), D/B (14), G (15). 0: the segment is null.
   */
  attributes: u16 = 0;
}

export enum SegmentBits {
  Accessed = 1 << 0,
  /** Of data: writable; of code: readable. */
  Writable = 1 << 1,
  /** Of data: expands down; of code: conforming. */
  Conforming = 1 << 2,
  Code = 1 << 3,
  NotSystem = 1 << 4,
  Present = 1 << 7,
  Long = 1 << 13,
  Big = 1 << 14,
  Granularity = 1 << 15,
}
