import { updateAttention } from "../exceptions/attention";
import { updateMode } from "../state/mode";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { readFlags } from "./lazy-flags";

/**
 * Writes flags of any kind, as POPF, IRET and others do, with what follows from them: TF, IF, RF
 * and AC are looked at elsewhere.
 * @param mask those that are written; the others stay
 */
export function writeFlags(cpu: Processor, value: u64, mask: u64): void {
  const old = readFlags(cpu);
  const flags = (old & ~mask) | (value & mask) | Flag.Reserved;
  cpu.flags = flags;
  const changed = old ^ flags;
  if ((changed & Flag.AlignmentCheck) != 0) updateMode(cpu);
  if ((changed & (Flag.Trap | Flag.Interrupt | Flag.Resume)) != 0) updateAttention(cpu);
}
