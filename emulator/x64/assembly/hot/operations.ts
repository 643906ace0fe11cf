import { ShiftCount } from "../decode/shift-rows";
import { carry, Flags, Lazy, overflow, sign, Wide, zero } from "../flags/lazy-flags";
import { Shift } from "../instructions/shift";
import { Canonical } from "../memory/page-walk";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { Vector } from "../state/vectors";

// Beside the values of After:

/** The operation always leads to the same block. */
export const LINKED: i32 = 16;
/** It does so if its condition holds, and otherwise to the following instruction. */
export const CONDITIONAL: i32 = 17;

/** What the hot cases do: as their handlers, for one form each, so that nothing is asked again. */
export class HotOperation {
  /** The address of an operand in memory, where it is a plain sum. */
  @inline static address(op: Operation): u64 {
    return (
      load<u64>(op.base) + (load<u64>(op.index) << (<u64>op.scale)) + <u64>(<i64>op.displacement)
    );
  }

  /** Where an operand in memory can be read. @returns 0: a fault is pending */
  @inline static memory<T>(cpu: Processor, op: Operation): usize {
    return cpu.readAt<T>(HotOperation.address(op));
  }

  /** Writes a register: 32 bits clear its upper half. */
  @inline static put<T>(pointer: usize, value: T): void {
    if (sizeof<T>() == 4) store<u64>(pointer, <u64>(<u32>value));
    else store<T>(pointer, value);
  }

  @inline static moveRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.put<T>(op.destination, load<T>(op.source));
  }

  @inline static moveLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.put<T>(op.destination, load<T>(source));
    return true;
  }

  @inline static moveStore<T>(cpu: Processor, op: Operation): bool {
    return cpu.writeAt<T>(HotOperation.address(op), load<T>(op.source));
  }

  @inline static addRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.put<T>(op.destination, HotOperation.add<T>(cpu, op.destination, op.source));
  }

  @inline static addLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.put<T>(op.destination, HotOperation.add<T>(cpu, op.destination, source));
    return true;
  }

  @inline static addStore<T>(cpu: Processor, op: Operation): bool {
    const target = cpu.updateAt<T>(HotOperation.address(op));
    if (target == 0) return false;
    store<T>(target, HotOperation.add<T>(cpu, target, op.source));
    cpu.written(target);
    return true;
  }

  @inline static subtractRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.put<T>(op.destination, HotOperation.subtract<T>(cpu, op.destination, op.source));
  }

  @inline static subtractLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.put<T>(op.destination, HotOperation.subtract<T>(cpu, op.destination, source));
    return true;
  }

  @inline static subtractStore<T>(cpu: Processor, op: Operation): bool {
    const target = cpu.updateAt<T>(HotOperation.address(op));
    if (target == 0) return false;
    store<T>(target, HotOperation.subtract<T>(cpu, target, op.source));
    cpu.written(target);
    return true;
  }

  @inline static andRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.put<T>(op.destination, HotOperation.and<T>(cpu, op.destination, op.source));
  }

  @inline static andLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.put<T>(op.destination, HotOperation.and<T>(cpu, op.destination, source));
    return true;
  }

  @inline static andStore<T>(cpu: Processor, op: Operation): bool {
    const target = cpu.updateAt<T>(HotOperation.address(op));
    if (target == 0) return false;
    store<T>(target, HotOperation.and<T>(cpu, target, op.source));
    cpu.written(target);
    return true;
  }

  @inline static orRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.put<T>(op.destination, HotOperation.or<T>(cpu, op.destination, op.source));
  }

  @inline static orLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.put<T>(op.destination, HotOperation.or<T>(cpu, op.destination, source));
    return true;
  }

  @inline static orStore<T>(cpu: Processor, op: Operation): bool {
    const target = cpu.updateAt<T>(HotOperation.address(op));
    if (target == 0) return false;
    store<T>(target, HotOperation.or<T>(cpu, target, op.source));
    cpu.written(target);
    return true;
  }

  @inline static xorRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.put<T>(op.destination, HotOperation.xor<T>(cpu, op.destination, op.source));
  }

  @inline static xorLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.put<T>(op.destination, HotOperation.xor<T>(cpu, op.destination, source));
    return true;
  }

  @inline static xorStore<T>(cpu: Processor, op: Operation): bool {
    const target = cpu.updateAt<T>(HotOperation.address(op));
    if (target == 0) return false;
    store<T>(target, HotOperation.xor<T>(cpu, target, op.source));
    cpu.written(target);
    return true;
  }

  @inline static compareRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.subtract<T>(cpu, op.destination, op.source);
  }

  @inline static compareLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.subtract<T>(cpu, op.destination, source);
    return true;
  }

  @inline static compareStore<T>(cpu: Processor, op: Operation): bool {
    const target = HotOperation.memory<T>(cpu, op);
    if (target == 0) return false;
    HotOperation.subtract<T>(cpu, target, op.source);
    return true;
  }

  @inline static testRegister<T>(cpu: Processor, op: Operation): void {
    HotOperation.and<T>(cpu, op.destination, op.source);
  }

  @inline static testLoad<T>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<T>(cpu, op);
    if (source == 0) return false;
    HotOperation.and<T>(cpu, op.destination, source);
    return true;
  }

  @inline static testStore<T>(cpu: Processor, op: Operation): bool {
    const target = HotOperation.memory<T>(cpu, op);
    if (target == 0) return false;
    HotOperation.and<T>(cpu, target, op.source);
    return true;
  }

  /** @typeparam T the destination's type, S the source's */
  @inline static extendRegister<T, S>(op: Operation): void {
    HotOperation.put<T>(op.destination, <T>load<S>(op.source));
  }

  @inline static extendLoad<T, S>(cpu: Processor, op: Operation): bool {
    const source = HotOperation.memory<S>(cpu, op);
    if (source == 0) return false;
    HotOperation.put<T>(op.destination, <T>load<S>(source));
    return true;
  }

  @inline static push(cpu: Processor, value: u64): bool {
    const pointer = cpu.rsp - 8;
    if (!cpu.writeAt<u64>(pointer, value)) return HotOperation.faultOnStack(cpu);
    cpu.rsp = pointer;
    return true;
  }

  @inline static pop(cpu: Processor, op: Operation): bool {
    const top = cpu.readAt<u64>(cpu.rsp);
    if (top == 0) return HotOperation.faultOnStack(cpu);
    const value = load<u64>(top);
    // What is popped into RSP is not moved.
    cpu.rsp += 8;
    store<u64>(op.destination, value);
    return true;
  }

  @inline static faultOnStack(cpu: Processor): bool {
    if (cpu.faultIsForAddress) cpu.faultVector = Vector.StackFault;
    return false;
  }

  /** To where the instruction itself says. */
  @inline static jump(cpu: Processor, op: Operation): i32 {
    const target = cpu.rip + op.next + <u64>op.immediate;
    if (!Canonical.is(target)) return cpu.raise(Vector.GeneralProtection);
    cpu.rip = target;
    return LINKED;
  }

  @inline static call(cpu: Processor, op: Operation): i32 {
    const back = cpu.rip + op.next;
    const target = back + <u64>op.immediate;
    if (!Canonical.is(target)) return cpu.raise(Vector.GeneralProtection);
    if (!HotOperation.push(cpu, back)) return After.Fault;
    cpu.rip = target;
    return LINKED;
  }

  @inline static ret(cpu: Processor, op: Operation): i32 {
    const top = cpu.readAt<u64>(cpu.rsp);
    if (top == 0) {
      HotOperation.faultOnStack(cpu);
      return After.Fault;
    }
    const target = load<u64>(top);
    if (!Canonical.is(target)) return cpu.raise(Vector.GeneralProtection);
    cpu.rsp += 8;
    cpu.rip = target;
    return After.Jump;
  }

  @inline static add<T>(cpu: Processor, target: usize, source: usize): T {
    const a = load<T>(target);
    const b = load<T>(source);
    const result = <T>(a + b);
    Flags.add<T>(cpu, a, b, result);
    return result;
  }

  @inline static subtract<T>(cpu: Processor, target: usize, source: usize): T {
    const a = load<T>(target);
    const b = load<T>(source);
    const result = <T>(a - b);
    Flags.subtract<T>(cpu, a, b, result);
    return result;
  }

  @inline static and<T>(cpu: Processor, target: usize, source: usize): T {
    const result = <T>(load<T>(target) & load<T>(source));
    Flags.logic<T>(cpu, result);
    return result;
  }

  @inline static or<T>(cpu: Processor, target: usize, source: usize): T {
    const result = <T>(load<T>(target) | load<T>(source));
    Flags.logic<T>(cpu, result);
    return result;
  }

  @inline static xor<T>(cpu: Processor, target: usize, source: usize): T {
    const result = <T>(load<T>(target) ^ load<T>(source));
    Flags.logic<T>(cpu, result);
    return result;
  }

  @inline static increment<T>(cpu: Processor, op: Operation): void {
    HotOperation.keepCarry(cpu);
    const a = load<T>(op.destination);
    const result = <T>(a + 1);
    Flags.leave(cpu, Lazy.Increment, Wide.signed<T>(a), 1, Wide.signed<T>(result));
    HotOperation.put<T>(op.destination, result);
  }

  @inline static decrement<T>(cpu: Processor, op: Operation): void {
    HotOperation.keepCarry(cpu);
    const a = load<T>(op.destination);
    const result = <T>(a - 1);
    Flags.leave(cpu, Lazy.Decrement, Wide.signed<T>(a), 1, Wide.signed<T>(result));
    HotOperation.put<T>(op.destination, result);
  }

  @inline static shiftLeft<T>(cpu: Processor, op: Operation): void {
    const count = ShiftCount.of<T>(op);
    const value = load<T>(op.destination);
    const isZero = count == 0;
    HotOperation.put<T>(op.destination, isZero ? value : Shift.left<T>(cpu, <u64>value, count));
  }

  @inline static shiftRight<T>(cpu: Processor, op: Operation): void {
    const count = ShiftCount.of<T>(op);
    const value = load<T>(op.destination);
    const isZero = count == 0;
    HotOperation.put<T>(op.destination, isZero ? value : Shift.right<T>(cpu, <u64>value, count));
  }

  @inline static shiftArithmetic<T>(cpu: Processor, op: Operation): void {
    const count = ShiftCount.of<T>(op);
    const value = load<T>(op.destination);
    const wide = Wide.signed<T>(value);
    const isZero = count == 0;
    HotOperation.put<T>(op.destination, isZero ? value : Shift.arithmetic<T>(cpu, wide, count));
  }

  @inline static keepCarry(cpu: Processor): void {
    const kind = cpu.lazyKind;
    // The flag is where it belongs already.
    if (kind == Lazy.Explicit || <i32>kind >= Lazy.Increment) return;
    const flags = cpu.flags & ~(<u64>Flag.Carry);
    cpu.flags = carry(cpu) ? flags | Flag.Carry : flags;
  }

  // The conditions that need more than one flag; after a comparison they are comparisons.

  @inline static below(cpu: Processor): bool {
    return cpu.lazyKind == Lazy.Subtract ? <u64>cpu.lazyA < <u64>cpu.lazyB : carry(cpu);
  }

  @inline static belowOrEqual(cpu: Processor): bool {
    if (cpu.lazyKind == Lazy.Subtract) return <u64>cpu.lazyA <= <u64>cpu.lazyB;
    return carry(cpu) || zero(cpu);
  }

  @inline static less(cpu: Processor): bool {
    if (cpu.lazyKind == Lazy.Subtract) return cpu.lazyA < cpu.lazyB;
    return sign(cpu) != overflow(cpu);
  }

  @inline static lessOrEqual(cpu: Processor): bool {
    if (cpu.lazyKind == Lazy.Subtract) return cpu.lazyA <= cpu.lazyB;
    return zero(cpu) || sign(cpu) != overflow(cpu);
  }
}
