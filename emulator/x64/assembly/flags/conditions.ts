import { Processor } from "../state/processor";
import { carry, Lazy, overflow, parity, sign, zero } from "./lazy-flags";

/** The conditions of several flags. After a comparison they compare its operands. */
export class Condition {
  @inline static below(cpu: Processor): bool {
    return cpu.lazyKind == Lazy.Subtract ? <u64>cpu.lazyA < <u64>cpu.lazyB : carry(cpu);
  }

  @inline static belowOrEqual(cpu: Processor): bool {
    if (cpu.lazyKind == Lazy.Subtract) return <u64>cpu.lazyA <= <u64>cpu.lazyB;
    return carry(cpu) || zero(cpu);
  }

  @inline static less(cpu: Processor): bool {
    if (cpu.lazyKind == Lazy.Subtract) return cpu.lazyA < cpu.lazyB;
    return sign(cpu) != overflow(cpu);
  }

  @inline static lessOrEqual(cpu: Processor): bool {
    if (cpu.lazyKind == Lazy.Subtract) return cpu.lazyA <= cpu.lazyB;
    return zero(cpu) || sign(cpu) != overflow(cpu);
  }
}

/**
 * Whether a condition holds (SDM vol. 1, appendix B).
 * @param code the opcode's low four bits
 */
export function condition(cpu: Processor, code: u32): bool {
  return holds(cpu, code >> 1) != ((code & 1) != 0);
}

function holds(cpu: Processor, pair: u32): bool {
  switch (pair) {
    case 0:
      return overflow(cpu);
    case 1:
      return Condition.below(cpu);
    case 2:
      return zero(cpu);
    case 3:
      return Condition.belowOrEqual(cpu);
    case 4:
      return sign(cpu);
    case 5:
      return parity(cpu);
    case 6:
      return Condition.less(cpu);
    default:
      return Condition.lessOrEqual(cpu);
  }
}
