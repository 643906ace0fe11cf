import { Addressing, Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Canonical } from "./page-walk";
import { linearInSegment } from "./segmentation";

/**
 * The linear address of an operand that is not a plain sum of 64 bits.
 * @param behind in bytes: of what lies so far behind the operand in its segment
 * @param size of what is accessed there, in bytes
 */
export function slowAddress(
  cpu: Processor,
  op: Operation,
  behind: i64 = 0,
  size: u64 = 1,
  isWrite: bool = false,
): u64 {
  const offset = effectiveAddress(op, behind);
  const segment = op.addressing >> 4;
  if (segment == 0) return offset;
  if (!cpu.isLongCode) return linearInSegment(cpu, segment - 1, offset, size, isWrite);
  // AMD's processors want the offset to be canonical, too, before FS or GS is added: #GP(0).
  return Canonical.is(offset) ? offset + cpu.segment(segment - 1).base : offset;
}

/** The offset in its segment (SDM vol. 1, 3.7.5): what LEA gives. */
export function effectiveAddress(op: Operation, behind: i64 = 0): u64 {
  const sum = op.sum + behind;
  switch (<i32>op.addressing & 3) {
    case Addressing.Truncate16:
      return sum & 0xffff;
    case Addressing.Truncate32:
      return sum & 0xffffffff;
    default:
      return sum;
  }
}
