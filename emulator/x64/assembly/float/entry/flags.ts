import { EQUAL, LESS, UNORDERED } from "../compare";

/** ZF, PF and CF, as FCOMI and COMISD set them. */
export function zeroParityCarry(relation: i32): u64 {
  if (relation === UNORDERED) return 0x45;
  return relation === LESS ? 0x01 : relation === EQUAL ? 0x40 : 0;
}
