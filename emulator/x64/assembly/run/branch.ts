import { Canonical } from "../memory/page-walk";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";

/**
 * Where near branches lead, for who ends a block. `T` is as wide as the instruction's operands:
 * RIP, EIP and IP are cut to it (SDM vol. 1, 6.3).
 */
export class Branch {
  /** Where the instruction behind this one is. */
  @inline static next(cpu: Processor, op: Operation): u64 {
    return cpu.rip + op.next;
  }

  /** Goes on behind this instruction. */
  @inline static over(cpu: Processor, op: Operation): i32 {
    cpu.rip += op.next;
    return After.Jump;
  }

  /** Goes on at the target, if code can be there: otherwise #GP(0), and nothing is done. */
  @inline static to<T>(cpu: Processor, target: u64): i32 {
    if (!Branch.isTarget<T>(cpu, target)) return After.Fault;
    cpu.rip = Branch.cut<T>(target);
    return After.Jump;
  }

  /** Whether code can be at the target; otherwise #GP(0) is pending. */
  @inline static isTarget<T>(cpu: Processor, target: u64): bool {
    if (sizeof<T>() == 8 ? Canonical.is(target) : isInLimit(cpu, Branch.cut<T>(target))) {
      return true;
    }
    cpu.raise(Vector.GeneralProtection);
    return false;
  }

  @inline static cut<T>(target: u64): u64 {
    if (sizeof<T>() == 2) return target & 0xffff;
    return sizeof<T>() == 4 ? target & 0xffffffff : target;
  }
}

function isInLimit(cpu: Processor, target: u64): bool {
  return target <= cpu.segment(SegmentName.Cs).limit;
}
