import { Block } from "../blocks/block";
import { BlockCache, JumpCache } from "../blocks/block-cache";
import { deliverException } from "../exceptions/deliver";
import { CAREFUL } from "../memory/access";
import { After, Stop } from "../state/after";
import { Operation, Prefix } from "../state/operation";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";
import { blockAtRip } from "./build-block";
import { step } from "./step";

/**
 * Executes at the most so many instructions.
 * @returns of {@link Stop}, why it has ended
 */
export function run(cpu: Processor, budget: i64): Stop {
  cpu.budget = budget;
  cpu.stop = Stop.Budget;
  while (cpu.budget > 0) {
    const block = nextBlock(cpu);
    const isWhole = block != 0 && changetype<Block>(block).count <= <u64>cpu.budget;
    if (!(isWhole ? execute(cpu, changetype<Block>(block)) : step(cpu))) break;
  }
  cpu.instructions += budget - cpu.budget;
  return cpu.stop;
}

/** @returns 0: what is at RIP has to be executed by itself */
function nextBlock(cpu: Processor): usize {
  const entry = JumpCache.entry(changetype<BlockCache>(cpu.blocks).jumps, cpu.rip);
  const isKnown =
    load<u64>(entry) == cpu.rip && load<u32>(entry, JumpCache.GENERATION) == cpu.linkGeneration;
  if (isKnown) {
    const block = load<u32>(entry, JumpCache.BLOCK);
    if (changetype<Block>(<usize>block).mode == cpu.blockMode) return block;
  }
  return blockAtRip(cpu);
}

/** @returns whether the run goes on */
function execute(cpu: Processor, block: Block): bool {
  cpu.currentBlock = changetype<usize>(block);
  let op = block.first;
  let after: i32;
  for (;;) {
    after = call_indirect<i32>(op.handler, cpu, op);
    if (after != After.Next) break;
    op = op.following;
  }
  cpu.currentBlock = 0;
  if (after == After.Jump) {
    cpu.budget -= block.count;
    return true;
  }
  const done = (changetype<usize>(op) - changetype<usize>(block.first)) / offsetof<Operation>();
  cpu.budget -= done;
  return finish(cpu, op, after);
}

/** An instruction has ended otherwise than by leading to the next one. */
export function finish(cpu: Processor, op: Operation, after: i32): bool {
  if (after == After.Stop) {
    cpu.rip += op.next;
    cpu.budget--;
    return false;
  }
  cpu.rip += op.next - op.length;
  if (after == After.Repeat) {
    cpu.budget--;
    return true;
  }
  if (cpu.faultVector == CAREFUL) return step(cpu);
  if (cpu.faultIsForAddress && op.has(Prefix.StackSegment)) cpu.faultVector = Vector.StackFault;
  return deliverException(cpu);
}
