// What comes from outside of the processor, for a host or an interrupt controller. CR8 is the
// controller's business: it asks for nothing that is not above that priority.
import { Processor } from "../state/processor";
import { updateAttention } from "./attention";

/**
 * Asks for an interrupt: it is delivered when IF is set, and no STI or MOV SS is just before.
 * @returns false: another one still waits, and this one has to be asked for again
 */
export function raiseInterrupt(cpu: Processor, vector: u32): bool {
  if (cpu.pendingInterrupt != 0) return false;
  cpu.pendingInterrupt = vector + 1;
  updateAttention(cpu);
  return true;
}

/** Asks for a non-maskable interrupt. While one is handled, one more is kept (SDM vol. 3A, 6.7.1). */
export function raiseNmi(cpu: Processor): void {
  cpu.nmiPending = true;
  updateAttention(cpu);
}
