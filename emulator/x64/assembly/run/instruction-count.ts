import { Block } from "../blocks/block";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

/** Instructions executed since the processor was made, between two blocks. */
export function instructionsDone(cpu: Processor): u64 {
  return cpu.instructionsAtEnd - <u64>cpu.budget;
}

/** Instructions executed before the one that is being executed, since the processor was made. */
export function instructionsBefore(cpu: Processor, op: Operation): u64 {
  const beforeBlock = instructionsDone(cpu);
  if (cpu.currentBlock == 0) return beforeBlock;
  const first = changetype<usize>(changetype<Block>(cpu.currentBlock).first);
  return beforeBlock + (changetype<usize>(op) - first) / offsetof<Operation>();
}
