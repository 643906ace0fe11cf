import { Processor } from "../state/processor";
import { carry, overflow, parity, sign, zero } from "./lazy-flags";

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
      return carry(cpu);
    case 2:
      return zero(cpu);
    case 3:
      return carry(cpu) || zero(cpu);
    case 4:
      return sign(cpu);
    case 5:
      return parity(cpu);
    case 6:
      return sign(cpu) != overflow(cpu);
    default:
      return zero(cpu) || sign(cpu) != overflow(cpu);
  }
}
