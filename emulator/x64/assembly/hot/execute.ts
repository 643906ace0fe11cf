import { Block } from "../blocks/block";
import { BlockCache, JumpCache } from "../blocks/block-cache";
import { Condition } from "../flags/conditions";
import { overflow, parity, sign, zero } from "../flags/lazy-flags";
import { Add, Decrement, Increment, Subtract } from "../instructions/arithmetic";
import { Call } from "../instructions/call";
import { And, Or, Xor } from "../instructions/logic";
import { ShiftArithmetic, ShiftLeft, ShiftRight } from "../instructions/shift";
import { Branch } from "../run/branch";
import { blockAtRip } from "../run/build-block";
import { finish } from "../run/run";
import { Stack } from "../stack/stack";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { HotKind } from "./kinds";
import { CONDITIONAL, HotForm, LINKED } from "./operations";

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
        HotForm.moveRegister<u8, u8>(cpu, op);
        break;
      case HotKind.MoveLoad8:
        if (!HotForm.moveLoad<u8, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveStore8:
        if (!HotForm.moveStore<u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveRegister32:
        HotForm.moveRegister<u32, u32>(cpu, op);
        break;
      case HotKind.MoveLoad32:
        if (!HotForm.moveLoad<u32, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveStore32:
        if (!HotForm.moveStore<u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveRegister64:
        HotForm.moveRegister<u64, u64>(cpu, op);
        break;
      case HotKind.MoveLoad64:
        if (!HotForm.moveLoad<u64, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.MoveStore64:
        if (!HotForm.moveStore<u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddRegister8:
        HotForm.register<Add, u8>(cpu, op);
        break;
      case HotKind.AddLoad8:
        if (!HotForm.load<Add, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddStore8:
        if (!HotForm.store<Add, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddRegister32:
        HotForm.register<Add, u32>(cpu, op);
        break;
      case HotKind.AddLoad32:
        if (!HotForm.load<Add, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddStore32:
        if (!HotForm.store<Add, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddRegister64:
        HotForm.register<Add, u64>(cpu, op);
        break;
      case HotKind.AddLoad64:
        if (!HotForm.load<Add, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AddStore64:
        if (!HotForm.store<Add, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractRegister8:
        HotForm.register<Subtract, u8>(cpu, op);
        break;
      case HotKind.SubtractLoad8:
        if (!HotForm.load<Subtract, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractStore8:
        if (!HotForm.store<Subtract, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractRegister32:
        HotForm.register<Subtract, u32>(cpu, op);
        break;
      case HotKind.SubtractLoad32:
        if (!HotForm.load<Subtract, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractStore32:
        if (!HotForm.store<Subtract, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractRegister64:
        HotForm.register<Subtract, u64>(cpu, op);
        break;
      case HotKind.SubtractLoad64:
        if (!HotForm.load<Subtract, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SubtractStore64:
        if (!HotForm.store<Subtract, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndRegister8:
        HotForm.register<And, u8>(cpu, op);
        break;
      case HotKind.AndLoad8:
        if (!HotForm.load<And, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndStore8:
        if (!HotForm.store<And, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndRegister32:
        HotForm.register<And, u32>(cpu, op);
        break;
      case HotKind.AndLoad32:
        if (!HotForm.load<And, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndStore32:
        if (!HotForm.store<And, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndRegister64:
        HotForm.register<And, u64>(cpu, op);
        break;
      case HotKind.AndLoad64:
        if (!HotForm.load<And, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.AndStore64:
        if (!HotForm.store<And, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrRegister8:
        HotForm.register<Or, u8>(cpu, op);
        break;
      case HotKind.OrLoad8:
        if (!HotForm.load<Or, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrStore8:
        if (!HotForm.store<Or, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrRegister32:
        HotForm.register<Or, u32>(cpu, op);
        break;
      case HotKind.OrLoad32:
        if (!HotForm.load<Or, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrStore32:
        if (!HotForm.store<Or, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrRegister64:
        HotForm.register<Or, u64>(cpu, op);
        break;
      case HotKind.OrLoad64:
        if (!HotForm.load<Or, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.OrStore64:
        if (!HotForm.store<Or, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorRegister8:
        HotForm.register<Xor, u8>(cpu, op);
        break;
      case HotKind.XorLoad8:
        if (!HotForm.load<Xor, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorStore8:
        if (!HotForm.store<Xor, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorRegister32:
        HotForm.register<Xor, u32>(cpu, op);
        break;
      case HotKind.XorLoad32:
        if (!HotForm.load<Xor, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorStore32:
        if (!HotForm.store<Xor, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorRegister64:
        HotForm.register<Xor, u64>(cpu, op);
        break;
      case HotKind.XorLoad64:
        if (!HotForm.load<Xor, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.XorStore64:
        if (!HotForm.store<Xor, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareRegister8:
        HotForm.examineRegister<Subtract, u8>(cpu, op);
        break;
      case HotKind.CompareLoad8:
        if (!HotForm.examineLoad<Subtract, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareStore8:
        if (!HotForm.examineStore<Subtract, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareRegister32:
        HotForm.examineRegister<Subtract, u32>(cpu, op);
        break;
      case HotKind.CompareLoad32:
        if (!HotForm.examineLoad<Subtract, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareStore32:
        if (!HotForm.examineStore<Subtract, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareRegister64:
        HotForm.examineRegister<Subtract, u64>(cpu, op);
        break;
      case HotKind.CompareLoad64:
        if (!HotForm.examineLoad<Subtract, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.CompareStore64:
        if (!HotForm.examineStore<Subtract, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestRegister8:
        HotForm.examineRegister<And, u8>(cpu, op);
        break;
      case HotKind.TestLoad8:
        if (!HotForm.examineLoad<And, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestStore8:
        if (!HotForm.examineStore<And, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestRegister32:
        HotForm.examineRegister<And, u32>(cpu, op);
        break;
      case HotKind.TestLoad32:
        if (!HotForm.examineLoad<And, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestStore32:
        if (!HotForm.examineStore<And, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestRegister64:
        HotForm.examineRegister<And, u64>(cpu, op);
        break;
      case HotKind.TestLoad64:
        if (!HotForm.examineLoad<And, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.TestStore64:
        if (!HotForm.examineStore<And, u64>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend8Register32:
        HotForm.moveRegister<u32, u8>(cpu, op);
        break;
      case HotKind.ZeroExtend8Load32:
        if (!HotForm.moveLoad<u32, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend8Register64:
        HotForm.moveRegister<u64, u8>(cpu, op);
        break;
      case HotKind.ZeroExtend8Load64:
        if (!HotForm.moveLoad<u64, u8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend16Register32:
        HotForm.moveRegister<u32, u16>(cpu, op);
        break;
      case HotKind.ZeroExtend16Load32:
        if (!HotForm.moveLoad<u32, u16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.ZeroExtend16Register64:
        HotForm.moveRegister<u64, u16>(cpu, op);
        break;
      case HotKind.ZeroExtend16Load64:
        if (!HotForm.moveLoad<u64, u16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend8Register32:
        HotForm.moveRegister<i32, i8>(cpu, op);
        break;
      case HotKind.SignExtend8Load32:
        if (!HotForm.moveLoad<i32, i8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend8Register64:
        HotForm.moveRegister<i64, i8>(cpu, op);
        break;
      case HotKind.SignExtend8Load64:
        if (!HotForm.moveLoad<i64, i8>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend16Register32:
        HotForm.moveRegister<i32, i16>(cpu, op);
        break;
      case HotKind.SignExtend16Load32:
        if (!HotForm.moveLoad<i32, i16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend16Register64:
        HotForm.moveRegister<i64, i16>(cpu, op);
        break;
      case HotKind.SignExtend16Load64:
        if (!HotForm.moveLoad<i64, i16>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend32Register32:
        HotForm.moveRegister<u32, u32>(cpu, op);
        break;
      case HotKind.SignExtend32Load32:
        if (!HotForm.moveLoad<u32, u32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.SignExtend32Register64:
        HotForm.moveRegister<i64, i32>(cpu, op);
        break;
      case HotKind.SignExtend32Load64:
        if (!HotForm.moveLoad<i64, i32>(cpu, op)) after = After.Fault;
        break;
      case HotKind.LoadAddress32:
        cpu.setRegister<u32>(op.destination, <u32>op.sum);
        break;
      case HotKind.LoadAddress64:
        cpu.setRegister<u64>(op.destination, <u64>op.sum);
        break;
      case HotKind.Increment32:
        HotForm.one<Increment, u32>(cpu, op);
        break;
      case HotKind.Increment64:
        HotForm.one<Increment, u64>(cpu, op);
        break;
      case HotKind.Decrement32:
        HotForm.one<Decrement, u32>(cpu, op);
        break;
      case HotKind.Decrement64:
        HotForm.one<Decrement, u64>(cpu, op);
        break;
      case HotKind.ShiftLeft32:
        HotForm.shift<ShiftLeft, u32>(cpu, op);
        break;
      case HotKind.ShiftLeft64:
        HotForm.shift<ShiftLeft, u64>(cpu, op);
        break;
      case HotKind.ShiftRight32:
        HotForm.shift<ShiftRight, u32>(cpu, op);
        break;
      case HotKind.ShiftRight64:
        HotForm.shift<ShiftRight, u64>(cpu, op);
        break;
      case HotKind.ShiftRightSigned32:
        HotForm.shift<ShiftArithmetic, u32>(cpu, op);
        break;
      case HotKind.ShiftRightSigned64:
        HotForm.shift<ShiftArithmetic, u64>(cpu, op);
        break;
      case HotKind.Push:
        if (!Stack.push<u64>(cpu, load<u64>(op.source))) after = After.Fault;
        break;
      case HotKind.Pop:
        if (!HotForm.pop(cpu, op)) after = After.Fault;
        break;
      case HotKind.Jump:
        after = HotForm.jump(cpu, op);
        break;
      case HotKind.Call:
        after = HotForm.linked(Call.to<u64>(cpu, op, Branch.next(cpu, op) + op.immediate));
        break;
      case HotKind.Return:
        after = Call.back<u64>(cpu, op);
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
        holds = Condition.below(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfAboveOrEqual:
        holds = !Condition.below(cpu);
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
        holds = Condition.belowOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfAbove:
        holds = !Condition.belowOrEqual(cpu);
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
        holds = Condition.less(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfGreaterOrEqual:
        holds = !Condition.less(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfLessOrEqual:
        holds = Condition.lessOrEqual(cpu);
        after = CONDITIONAL;
        break;
      case HotKind.JumpIfGreater:
        holds = !Condition.lessOrEqual(cpu);
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
        after = HotForm.jump(cpu, op);
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
