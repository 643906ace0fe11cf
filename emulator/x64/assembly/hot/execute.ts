import { Block } from "../blocks/block";
import { BlockCache, JumpCache } from "../blocks/block-cache";
import { overflow, parity, sign, zero } from "../flags/lazy-flags";
import { blockAtRip } from "../run/build-block";
import { finish } from "../run/run";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Hot, KINDS_PER_HOT } from "./kinds";
import { CONDITIONAL, HotOperation, LINKED } from "./operations";

/**
 * Executes a block, and those that follow it, until something else has to be looked at: the end of
 * the budget, an event, an address that was not jumped to before, a fault.
 * @returns whether the run goes on
 */
export function execute(cpu: Processor, first: Block): bool {
  let block = first;
  cpu.currentBlock = changetype<usize>(block);
  let op = block.first;
  for (;;) {
    let after: i32 = After.Next;
    let holds = false;
    switch (<i32>op.kind) {
      case Hot.Move * KINDS_PER_HOT + 0:
        HotOperation.moveRegister<u8>(cpu, op);
        break;
      case Hot.Move * KINDS_PER_HOT + 1:
        if (!HotOperation.moveLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Move * KINDS_PER_HOT + 2:
        if (!HotOperation.moveStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Move * KINDS_PER_HOT + 4:
        HotOperation.moveRegister<u32>(cpu, op);
        break;
      case Hot.Move * KINDS_PER_HOT + 5:
        if (!HotOperation.moveLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Move * KINDS_PER_HOT + 6:
        if (!HotOperation.moveStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Move * KINDS_PER_HOT + 8:
        HotOperation.moveRegister<u64>(cpu, op);
        break;
      case Hot.Move * KINDS_PER_HOT + 9:
        if (!HotOperation.moveLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Move * KINDS_PER_HOT + 10:
        if (!HotOperation.moveStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Add * KINDS_PER_HOT + 0:
        HotOperation.addRegister<u8>(cpu, op);
        break;
      case Hot.Add * KINDS_PER_HOT + 1:
        if (!HotOperation.addLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Add * KINDS_PER_HOT + 2:
        if (!HotOperation.addStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Add * KINDS_PER_HOT + 4:
        HotOperation.addRegister<u32>(cpu, op);
        break;
      case Hot.Add * KINDS_PER_HOT + 5:
        if (!HotOperation.addLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Add * KINDS_PER_HOT + 6:
        if (!HotOperation.addStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Add * KINDS_PER_HOT + 8:
        HotOperation.addRegister<u64>(cpu, op);
        break;
      case Hot.Add * KINDS_PER_HOT + 9:
        if (!HotOperation.addLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Add * KINDS_PER_HOT + 10:
        if (!HotOperation.addStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Subtract * KINDS_PER_HOT + 0:
        HotOperation.subtractRegister<u8>(cpu, op);
        break;
      case Hot.Subtract * KINDS_PER_HOT + 1:
        if (!HotOperation.subtractLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Subtract * KINDS_PER_HOT + 2:
        if (!HotOperation.subtractStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Subtract * KINDS_PER_HOT + 4:
        HotOperation.subtractRegister<u32>(cpu, op);
        break;
      case Hot.Subtract * KINDS_PER_HOT + 5:
        if (!HotOperation.subtractLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Subtract * KINDS_PER_HOT + 6:
        if (!HotOperation.subtractStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Subtract * KINDS_PER_HOT + 8:
        HotOperation.subtractRegister<u64>(cpu, op);
        break;
      case Hot.Subtract * KINDS_PER_HOT + 9:
        if (!HotOperation.subtractLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Subtract * KINDS_PER_HOT + 10:
        if (!HotOperation.subtractStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.And * KINDS_PER_HOT + 0:
        HotOperation.andRegister<u8>(cpu, op);
        break;
      case Hot.And * KINDS_PER_HOT + 1:
        if (!HotOperation.andLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.And * KINDS_PER_HOT + 2:
        if (!HotOperation.andStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.And * KINDS_PER_HOT + 4:
        HotOperation.andRegister<u32>(cpu, op);
        break;
      case Hot.And * KINDS_PER_HOT + 5:
        if (!HotOperation.andLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.And * KINDS_PER_HOT + 6:
        if (!HotOperation.andStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.And * KINDS_PER_HOT + 8:
        HotOperation.andRegister<u64>(cpu, op);
        break;
      case Hot.And * KINDS_PER_HOT + 9:
        if (!HotOperation.andLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.And * KINDS_PER_HOT + 10:
        if (!HotOperation.andStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Or * KINDS_PER_HOT + 0:
        HotOperation.orRegister<u8>(cpu, op);
        break;
      case Hot.Or * KINDS_PER_HOT + 1:
        if (!HotOperation.orLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Or * KINDS_PER_HOT + 2:
        if (!HotOperation.orStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Or * KINDS_PER_HOT + 4:
        HotOperation.orRegister<u32>(cpu, op);
        break;
      case Hot.Or * KINDS_PER_HOT + 5:
        if (!HotOperation.orLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Or * KINDS_PER_HOT + 6:
        if (!HotOperation.orStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Or * KINDS_PER_HOT + 8:
        HotOperation.orRegister<u64>(cpu, op);
        break;
      case Hot.Or * KINDS_PER_HOT + 9:
        if (!HotOperation.orLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Or * KINDS_PER_HOT + 10:
        if (!HotOperation.orStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Xor * KINDS_PER_HOT + 0:
        HotOperation.xorRegister<u8>(cpu, op);
        break;
      case Hot.Xor * KINDS_PER_HOT + 1:
        if (!HotOperation.xorLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Xor * KINDS_PER_HOT + 2:
        if (!HotOperation.xorStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Xor * KINDS_PER_HOT + 4:
        HotOperation.xorRegister<u32>(cpu, op);
        break;
      case Hot.Xor * KINDS_PER_HOT + 5:
        if (!HotOperation.xorLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Xor * KINDS_PER_HOT + 6:
        if (!HotOperation.xorStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Xor * KINDS_PER_HOT + 8:
        HotOperation.xorRegister<u64>(cpu, op);
        break;
      case Hot.Xor * KINDS_PER_HOT + 9:
        if (!HotOperation.xorLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Xor * KINDS_PER_HOT + 10:
        if (!HotOperation.xorStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Compare * KINDS_PER_HOT + 0:
        HotOperation.compareRegister<u8>(cpu, op);
        break;
      case Hot.Compare * KINDS_PER_HOT + 1:
        if (!HotOperation.compareLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Compare * KINDS_PER_HOT + 2:
        if (!HotOperation.compareStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Compare * KINDS_PER_HOT + 4:
        HotOperation.compareRegister<u32>(cpu, op);
        break;
      case Hot.Compare * KINDS_PER_HOT + 5:
        if (!HotOperation.compareLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Compare * KINDS_PER_HOT + 6:
        if (!HotOperation.compareStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Compare * KINDS_PER_HOT + 8:
        HotOperation.compareRegister<u64>(cpu, op);
        break;
      case Hot.Compare * KINDS_PER_HOT + 9:
        if (!HotOperation.compareLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Compare * KINDS_PER_HOT + 10:
        if (!HotOperation.compareStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Test * KINDS_PER_HOT + 0:
        HotOperation.testRegister<u8>(cpu, op);
        break;
      case Hot.Test * KINDS_PER_HOT + 1:
        if (!HotOperation.testLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Test * KINDS_PER_HOT + 2:
        if (!HotOperation.testStore<u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.Test * KINDS_PER_HOT + 4:
        HotOperation.testRegister<u32>(cpu, op);
        break;
      case Hot.Test * KINDS_PER_HOT + 5:
        if (!HotOperation.testLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Test * KINDS_PER_HOT + 6:
        if (!HotOperation.testStore<u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.Test * KINDS_PER_HOT + 8:
        HotOperation.testRegister<u64>(cpu, op);
        break;
      case Hot.Test * KINDS_PER_HOT + 9:
        if (!HotOperation.testLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.Test * KINDS_PER_HOT + 10:
        if (!HotOperation.testStore<u64>(cpu, op)) after = After.Fault;
        break;
      case Hot.ZeroExtend8 * KINDS_PER_HOT + 4:
        HotOperation.extendRegister<u32, u8>(op);
        break;
      case Hot.ZeroExtend8 * KINDS_PER_HOT + 5:
        if (!HotOperation.extendLoad<u32, u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.ZeroExtend8 * KINDS_PER_HOT + 8:
        HotOperation.extendRegister<u64, u8>(op);
        break;
      case Hot.ZeroExtend8 * KINDS_PER_HOT + 9:
        if (!HotOperation.extendLoad<u64, u8>(cpu, op)) after = After.Fault;
        break;
      case Hot.ZeroExtend16 * KINDS_PER_HOT + 4:
        HotOperation.extendRegister<u32, u16>(op);
        break;
      case Hot.ZeroExtend16 * KINDS_PER_HOT + 5:
        if (!HotOperation.extendLoad<u32, u16>(cpu, op)) after = After.Fault;
        break;
      case Hot.ZeroExtend16 * KINDS_PER_HOT + 8:
        HotOperation.extendRegister<u64, u16>(op);
        break;
      case Hot.ZeroExtend16 * KINDS_PER_HOT + 9:
        if (!HotOperation.extendLoad<u64, u16>(cpu, op)) after = After.Fault;
        break;
      case Hot.SignExtend8 * KINDS_PER_HOT + 4:
        HotOperation.extendRegister<i32, i8>(op);
        break;
      case Hot.SignExtend8 * KINDS_PER_HOT + 5:
        if (!HotOperation.extendLoad<i32, i8>(cpu, op)) after = After.Fault;
        break;
      case Hot.SignExtend8 * KINDS_PER_HOT + 8:
        HotOperation.extendRegister<i64, i8>(op);
        break;
      case Hot.SignExtend8 * KINDS_PER_HOT + 9:
        if (!HotOperation.extendLoad<i64, i8>(cpu, op)) after = After.Fault;
        break;
      case Hot.SignExtend16 * KINDS_PER_HOT + 4:
        HotOperation.extendRegister<i32, i16>(op);
        break;
      case Hot.SignExtend16 * KINDS_PER_HOT + 5:
        if (!HotOperation.extendLoad<i32, i16>(cpu, op)) after = After.Fault;
        break;
      case Hot.SignExtend16 * KINDS_PER_HOT + 8:
        HotOperation.extendRegister<i64, i16>(op);
        break;
      case Hot.SignExtend16 * KINDS_PER_HOT + 9:
        if (!HotOperation.extendLoad<i64, i16>(cpu, op)) after = After.Fault;
        break;
      case Hot.SignExtend32 * KINDS_PER_HOT + 4:
        HotOperation.extendRegister<u32, u32>(op);
        break;
      case Hot.SignExtend32 * KINDS_PER_HOT + 5:
        if (!HotOperation.extendLoad<u32, u32>(cpu, op)) after = After.Fault;
        break;
      case Hot.SignExtend32 * KINDS_PER_HOT + 8:
        HotOperation.extendRegister<i64, i32>(op);
        break;
      case Hot.SignExtend32 * KINDS_PER_HOT + 9:
        if (!HotOperation.extendLoad<i64, i32>(cpu, op)) after = After.Fault;
        break;
      case Hot.LoadAddress * KINDS_PER_HOT + 4:
        HotOperation.put<u32>(op.destination, <u32>HotOperation.address(op));
        break;
      case Hot.LoadAddress * KINDS_PER_HOT + 8:
        HotOperation.put<u64>(op.destination, <u64>HotOperation.address(op));
        break;
      case Hot.Increment * KINDS_PER_HOT + 4:
        HotOperation.increment<u32>(cpu, op);
        break;
      case Hot.Increment * KINDS_PER_HOT + 8:
        HotOperation.increment<u64>(cpu, op);
        break;
      case Hot.Decrement * KINDS_PER_HOT + 4:
        HotOperation.decrement<u32>(cpu, op);
        break;
      case Hot.Decrement * KINDS_PER_HOT + 8:
        HotOperation.decrement<u64>(cpu, op);
        break;
      case Hot.ShiftLeft * KINDS_PER_HOT + 4:
        HotOperation.shiftLeft<u32>(cpu, op);
        break;
      case Hot.ShiftLeft * KINDS_PER_HOT + 8:
        HotOperation.shiftLeft<u64>(cpu, op);
        break;
      case Hot.ShiftRight * KINDS_PER_HOT + 4:
        HotOperation.shiftRight<u32>(cpu, op);
        break;
      case Hot.ShiftRight * KINDS_PER_HOT + 8:
        HotOperation.shiftRight<u64>(cpu, op);
        break;
      case Hot.ShiftRightSigned * KINDS_PER_HOT + 4:
        HotOperation.shiftArithmetic<u32>(cpu, op);
        break;
      case Hot.ShiftRightSigned * KINDS_PER_HOT + 8:
        HotOperation.shiftArithmetic<u64>(cpu, op);
        break;
      case Hot.Push * KINDS_PER_HOT + 8:
        if (!HotOperation.push(cpu, load<u64>(op.source))) after = After.Fault;
        break;
      case Hot.Pop * KINDS_PER_HOT + 8:
        if (!HotOperation.pop(cpu, op)) after = After.Fault;
        break;
      case Hot.Jump * KINDS_PER_HOT + 8:
        after = HotOperation.jump(cpu, op);
        break;
      case Hot.Call * KINDS_PER_HOT + 8:
        after = HotOperation.call(cpu, op);
        break;
      case Hot.Return * KINDS_PER_HOT + 8:
        after = HotOperation.ret(cpu, op);
        break;
      // In the order of the conditions' codes (SDM vol. 1, appendix B).
      case Hot.JumpIf * KINDS_PER_HOT + 0:
        holds = overflow(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 1:
        holds = !overflow(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 2:
        holds = HotOperation.below(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 3:
        holds = !HotOperation.below(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 4:
        holds = zero(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 5:
        holds = !zero(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 6:
        holds = HotOperation.belowOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 7:
        holds = !HotOperation.belowOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 8:
        holds = sign(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 9:
        holds = !sign(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 10:
        holds = parity(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 11:
        holds = !parity(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 12:
        holds = HotOperation.less(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 13:
        holds = !HotOperation.less(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 14:
        holds = HotOperation.lessOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case Hot.JumpIf * KINDS_PER_HOT + 15:
        holds = !HotOperation.lessOrEqual(cpu);
        after = CONDITIONAL;
        break;
      default:
        after = call_indirect<i32>(op.handler, cpu, op);
    }
    if (after == After.Next) {
      op = op.following;
      continue;
    }
    if (after == CONDITIONAL) {
      if (holds) {
        after = HotOperation.jump(cpu, op);
      } else {
        op = op.following;
        cpu.rip += op.next;
        after = LINKED;
      }
    }
    if (after != After.Jump && after != LINKED) {
      cpu.budget -= countBefore(block, op);
      cpu.currentBlock = 0;
      return finish(cpu, op, after);
    }
    cpu.budget -= block.count;
    if (cpu.attention != 0) break;
    const next = after == LINKED ? linkedBlock(cpu, op) : nextBlock(cpu);
    if (next == 0 || <i64>changetype<Block>(next).count > cpu.budget) break;
    block = changetype<Block>(next);
    cpu.currentBlock = next;
    op = block.first;
  }
  cpu.currentBlock = 0;
  return true;
}

/** @returns the block at RIP; 0: what is there has to be executed by itself */
export function nextBlock(cpu: Processor): usize {
  const entry = JumpCache.entry(changetype<BlockCache>(cpu.blocks).jumps, cpu.rip);
  const isKnown =
    load<u64>(entry) == cpu.rip && load<u32>(entry, JumpCache.GENERATION) == cpu.linkGeneration;
  if (isKnown) {
    const block = <usize>load<u32>(entry, JumpCache.BLOCK);
    if (changetype<Block>(block).mode == cpu.blockMode) return block;
  }
  return blockAtRip(cpu);
}

/** The same behind an operation that always leads to the same address. */
function linkedBlock(cpu: Processor, op: Operation): usize {
  if (op.linkGeneration == cpu.linkGeneration) return op.link;
  const next = nextBlock(cpu);
  op.link = next;
  // Building a block can have dropped others, and this operation with them.
  op.linkGeneration = next == 0 ? 0 : cpu.linkGeneration;
  return next;
}

function countBefore(block: Block, op: Operation): i64 {
  return (changetype<usize>(op) - changetype<usize>(block.first)) / offsetof<Operation>();
}
