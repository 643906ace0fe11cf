import { Block } from "../blocks/block";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

/** Instructions executed before the one that is being executed, since the processor was made. */
export function instructionsBefore(cpu: Processor, op: Operation): u64 {
  const beforeBlock = cpu.instructionsAtEnd - <u64>cpu.budget;
  if (cpu.currentBlock == 0) return beforeBlock;
  const first = changetype<usize>(changetype<Block>(cpu.currentBlock).first);
  return beforeBlock + (changetype<usize>(op) - first) / offsetof<Operation>();
}
