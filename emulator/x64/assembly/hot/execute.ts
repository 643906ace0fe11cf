import { Block } from "../blocks/block";
import { BlockCache, JumpCache } from "../blocks/block-cache";
import { overflow, parity, sign, zero } from "../flags/lazy-flags";
import { blockAtRip } from "../run/build-block";
import { finish } from "../run/run";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { HotKind } from "./kinds";
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
      case HotKind.MoveRegister8:
        HotOperation.moveRegister<u8>(cpu, op);
        break;
      case HotKind.MoveLoad8:
        if (!HotOperation.moveLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveStore8:
        if (!HotOperation.moveStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveRegister32:
        HotOperation.moveRegister<u32>(cpu, op);
        break;
      case HotKind.MoveLoad32:
        if (!HotOperation.moveLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveStore32:
        if (!HotOperation.moveStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveRegister64:
        HotOperation.moveRegister<u64>(cpu, op);
        break;
      case HotKind.MoveLoad64:
        if (!HotOperation.moveLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveStore64:
        if (!HotOperation.moveStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddRegister8:
        HotOperation.addRegister<u8>(cpu, op);
        break;
      case HotKind.AddLoad8:
        if (!HotOperation.addLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddStore8:
        if (!HotOperation.addStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddRegister32:
        HotOperation.addRegister<u32>(cpu, op);
        break;
      case HotKind.AddLoad32:
        if (!HotOperation.addLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddStore32:
        if (!HotOperation.addStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddRegister64:
        HotOperation.addRegister<u64>(cpu, op);
        break;
      case HotKind.AddLoad64:
        if (!HotOperation.addLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddStore64:
        if (!HotOperation.addStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractRegister8:
        HotOperation.subtractRegister<u8>(cpu, op);
        break;
      case HotKind.SubtractLoad8:
        if (!HotOperation.subtractLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractStore8:
        if (!HotOperation.subtractStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractRegister32:
        HotOperation.subtractRegister<u32>(cpu, op);
        break;
      case HotKind.SubtractLoad32:
        if (!HotOperation.subtractLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractStore32:
        if (!HotOperation.subtractStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractRegister64:
        HotOperation.subtractRegister<u64>(cpu, op);
        break;
      case HotKind.SubtractLoad64:
        if (!HotOperation.subtractLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractStore64:
        if (!HotOperation.subtractStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndRegister8:
        HotOperation.andRegister<u8>(cpu, op);
        break;
      case HotKind.AndLoad8:
        if (!HotOperation.andLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndStore8:
        if (!HotOperation.andStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndRegister32:
        HotOperation.andRegister<u32>(cpu, op);
        break;
      case HotKind.AndLoad32:
        if (!HotOperation.andLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndStore32:
        if (!HotOperation.andStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndRegister64:
        HotOperation.andRegister<u64>(cpu, op);
        break;
      case HotKind.AndLoad64:
        if (!HotOperation.andLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndStore64:
        if (!HotOperation.andStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrRegister8:
        HotOperation.orRegister<u8>(cpu, op);
        break;
      case HotKind.OrLoad8:
        if (!HotOperation.orLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrStore8:
        if (!HotOperation.orStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrRegister32:
        HotOperation.orRegister<u32>(cpu, op);
        break;
      case HotKind.OrLoad32:
        if (!HotOperation.orLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrStore32:
        if (!HotOperation.orStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrRegister64:
        HotOperation.orRegister<u64>(cpu, op);
        break;
      case HotKind.OrLoad64:
        if (!HotOperation.orLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrStore64:
        if (!HotOperation.orStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorRegister8:
        HotOperation.xorRegister<u8>(cpu, op);
        break;
      case HotKind.XorLoad8:
        if (!HotOperation.xorLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorStore8:
        if (!HotOperation.xorStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorRegister32:
        HotOperation.xorRegister<u32>(cpu, op);
        break;
      case HotKind.XorLoad32:
        if (!HotOperation.xorLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorStore32:
        if (!HotOperation.xorStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorRegister64:
        HotOperation.xorRegister<u64>(cpu, op);
        break;
      case HotKind.XorLoad64:
        if (!HotOperation.xorLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorStore64:
        if (!HotOperation.xorStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareRegister8:
        HotOperation.compareRegister<u8>(cpu, op);
        break;
      case HotKind.CompareLoad8:
        if (!HotOperation.compareLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareStore8:
        if (!HotOperation.compareStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareRegister32:
        HotOperation.compareRegister<u32>(cpu, op);
        break;
      case HotKind.CompareLoad32:
        if (!HotOperation.compareLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareStore32:
        if (!HotOperation.compareStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareRegister64:
        HotOperation.compareRegister<u64>(cpu, op);
        break;
      case HotKind.CompareLoad64:
        if (!HotOperation.compareLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareStore64:
        if (!HotOperation.compareStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestRegister8:
        HotOperation.testRegister<u8>(cpu, op);
        break;
      case HotKind.TestLoad8:
        if (!HotOperation.testLoad<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestStore8:
        if (!HotOperation.testStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestRegister32:
        HotOperation.testRegister<u32>(cpu, op);
        break;
      case HotKind.TestLoad32:
        if (!HotOperation.testLoad<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestStore32:
        if (!HotOperation.testStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestRegister64:
        HotOperation.testRegister<u64>(cpu, op);
        break;
      case HotKind.TestLoad64:
        if (!HotOperation.testLoad<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestStore64:
        if (!HotOperation.testStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend8Register32:
        HotOperation.extendRegister<u32, u8>(op);
        break;
      case HotKind.ZeroExtend8Load32:
        if (!HotOperation.extendLoad<u32, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend8Register64:
        HotOperation.extendRegister<u64, u8>(op);
        break;
      case HotKind.ZeroExtend8Load64:
        if (!HotOperation.extendLoad<u64, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend16Register32:
        HotOperation.extendRegister<u32, u16>(op);
        break;
      case HotKind.ZeroExtend16Load32:
        if (!HotOperation.extendLoad<u32, u16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend16Register64:
        HotOperation.extendRegister<u64, u16>(op);
        break;
      case HotKind.ZeroExtend16Load64:
        if (!HotOperation.extendLoad<u64, u16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend8Register32:
        HotOperation.extendRegister<i32, i8>(op);
        break;
      case HotKind.SignExtend8Load32:
        if (!HotOperation.extendLoad<i32, i8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend8Register64:
        HotOperation.extendRegister<i64, i8>(op);
        break;
      case HotKind.SignExtend8Load64:
        if (!HotOperation.extendLoad<i64, i8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend16Register32:
        HotOperation.extendRegister<i32, i16>(op);
        break;
      case HotKind.SignExtend16Load32:
        if (!HotOperation.extendLoad<i32, i16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend16Register64:
        HotOperation.extendRegister<i64, i16>(op);
        break;
      case HotKind.SignExtend16Load64:
        if (!HotOperation.extendLoad<i64, i16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend32Register32:
        HotOperation.extendRegister<u32, u32>(op);
        break;
      case HotKind.SignExtend32Load32:
        if (!HotOperation.extendLoad<u32, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend32Register64:
        HotOperation.extendRegister<i64, i32>(op);
        break;
      case HotKind.SignExtend32Load64:
        if (!HotOperation.extendLoad<i64, i32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.LoadAddress32:
        HotOperation.put<u32>(op.destination, <u32>HotOperation.address(op));
        break;
      case HotKind.LoadAddress64:
        HotOperation.put<u64>(op.destination, <u64>HotOperation.address(op));
        break;
      case HotKind.Increment32:
        HotOperation.increment<u32>(cpu, op);
        break;
      case HotKind.Increment64:
        HotOperation.increment<u64>(cpu, op);
        break;
      case HotKind.Decrement32:
        HotOperation.decrement<u32>(cpu, op);
        break;
      case HotKind.Decrement64:
        HotOperation.decrement<u64>(cpu, op);
        break;
      case HotKind.ShiftLeft32:
        HotOperation.shiftLeft<u32>(cpu, op);
        break;
      case HotKind.ShiftLeft64:
        HotOperation.shiftLeft<u64>(cpu, op);
        break;
      case HotKind.ShiftRight32:
        HotOperation.shiftRight<u32>(cpu, op);
        break;
      case HotKind.ShiftRight64:
        HotOperation.shiftRight<u64>(cpu, op);
        break;
      case HotKind.ShiftRightSigned32:
        HotOperation.shiftArithmetic<u32>(cpu, op);
        break;
      case HotKind.ShiftRightSigned64:
        HotOperation.shiftArithmetic<u64>(cpu, op);
        break;
      case HotKind.Push:
        if (!HotOperation.push(cpu, load<u64>(op.source))) after = After.Fault;
        break;
      case HotKind.Pop:
        if (!HotOperation.pop(cpu, op)) after = After.Fault;
        break;
      case HotKind.Jump:
        after = HotOperation.jump(cpu, op);
        break;
      case HotKind.Call:
        after = HotOperation.call(cpu, op);
        break;
      case HotKind.Return:
        after = HotOperation.ret(cpu, op);
        break;
      case HotKind.JumpIfOverflow:
        holds = overflow(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfNotOverflow:
        holds = !overflow(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfBelow:
        holds = HotOperation.below(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfAboveOrEqual:
        holds = !HotOperation.below(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfEqual:
        holds = zero(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfNotEqual:
        holds = !zero(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfBelowOrEqual:
        holds = HotOperation.belowOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfAbove:
        holds = !HotOperation.belowOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfSign:
        holds = sign(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfNotSign:
        holds = !sign(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfParity:
        holds = parity(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfNotParity:
        holds = !parity(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfLess:
        holds = HotOperation.less(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfGreaterOrEqual:
        holds = !HotOperation.less(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfLessOrEqual:
        holds = HotOperation.lessOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfGreater:
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
  const generation = cpu.linkGeneration;
  if (op.linkGeneration == generation) return op.link;
  const next = nextBlock(cpu);
  // Building a block can have dropped all others: then the new one may lie where the operation was.
  if (next != 0 && cpu.linkGeneration == generation) {
    op.link = next;
    op.linkGeneration = generation;
  }
  return next;
}

function countBefore(block: Block, op: Operation): i64 {
  return (changetype<usize>(op) - changetype<usize>(block.first)) / offsetof<Operation>();
}
