import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { linearInSegment } from "./segmentation";

/**
 * The linear address of what ES:rDI points to, for who has another operand in memory, too.
 * @param mask the bits of RDI that count
 * @param size of the element, in bytes
 */
export function extraAddress(cpu: Processor, mask: u64, size: u64, isWrite: bool): u64 {
  const offset = cpu.rdi & mask;
  return cpu.isLongCode ? offset : linearInSegment(cpu, SegmentName.Es, offset, size, isWrite);
}

/** ES is no stack, even if the other operand is on it: the fault stays #GP. @returns false */
export function faultInExtra(cpu: Processor): bool {
  cpu.faultIsForAddress = false;
  return false;
}
