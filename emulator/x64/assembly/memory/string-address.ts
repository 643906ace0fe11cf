import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";

/**
 * The linear address of what ES:rDI points to, for who has another operand in memory, too.
 * @param mask the bits of RDI that count
 */
export function extraAddress(cpu: Processor, mask: u64): u64 {
  const offset = cpu.rdi & mask;
  if (cpu.isLongCode) return offset;
  return (cpu.segment(SegmentName.Es).base + offset) & 0xffffffff;
}
