// What is left of segmentation in code that is not 64-bit: SDM vol. 3A, 5.3 and 5.5.
import { Processor } from "../state/processor";
import { Segment, SegmentBits, SegmentName } from "../state/segment";

/** In the place of a linear address: it is not canonical, so that an access raises #GP or #SS. */
const NOT_ADDRESSABLE: u64 = 1 << 63;

/**
 * The linear address of bytes in a segment, in code that is not 64-bit.
 * @param size in bytes
 * @returns an address that faults, if the segment is null, does not have all of the bytes, or may
 * not be read or written
 */
export function linearInSegment(
  cpu: Processor,
  name: SegmentName,
  offset: u64,
  size: u64,
  isWrite: bool,
): u64 {
  const segment = cpu.segment(name);
  if (!isAllowed(segment.attributes, isWrite) || !isInLimit(segment, offset, offset + size - 1)) {
    return NOT_ADDRESSABLE;
  }
  return (segment.base + offset) & 0xffffffff;
}

function isAllowed(attributes: u32, isWrite: bool): bool {
  if ((attributes & SegmentBits.Present) == 0) return false;
  const hasBit = (attributes & SegmentBits.Writable) != 0;
  // Of code the bit says that it may be read; written it may never be.
  if ((attributes & SegmentBits.Code) != 0) return hasBit && !isWrite;
  return hasBit || !isWrite;
}

function isInLimit(segment: Segment, first: u64, last: u64): bool {
  const attributes = <u32>segment.attributes;
  const isCode = (attributes & SegmentBits.Code) != 0;
  // Of data the bit says that it expands down.
  if (isCode || (attributes & SegmentBits.Conforming) == 0) return last <= segment.limit;
  const highest: u64 = (attributes & SegmentBits.Big) != 0 ? 0xffffffff : 0xffff;
  return first > segment.limit && last <= highest;
}
