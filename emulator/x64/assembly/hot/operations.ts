import { Shifts } from "../instructions/shift-operation";
import { Branch } from "../run/branch";
import { Stack } from "../stack/stack";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

// Beside the values of After:

/** The operation always leads to the same block. */
export const LINKED: i32 = 16;
/** It does so if its condition holds, and otherwise to the following instruction. */
export const CONDITIONAL: i32 = 17;

/**
 * The forms of the hot cases: what their handlers do, with nothing asked about where the operands
 * are. `O` is what is done with values, see `instructions/value-operation.ts`.
 */
export class HotForm {
  /** A register with a register or an immediate. */
  @inline static register<O, T>(cpu: Processor, op: Operation): void {
    const target = op.destination;
    const result = changetype<O>(0).apply<T>(cpu, load<T>(target), load<T>(op.source));
    cpu.setRegister<T>(target, result);
  }

  /** A register with memory. @returns false: a fault is pending, as for the others */
  @inline static load<O, T>(cpu: Processor, op: Operation): bool {
    const source = cpu.readAt<T>(op.sum);
    if (source == 0) return false;
    const target = op.destination;
    cpu.setRegister<T>(target, changetype<O>(0).apply<T>(cpu, load<T>(target), load<T>(source)));
    return true;
  }

  /** Memory with a register or an immediate. */
  @inline static store<O, T>(cpu: Processor, op: Operation): bool {
    const target = cpu.updateAt<T>(op.sum);
    if (target == 0) return false;
    store<T>(target, changetype<O>(0).apply<T>(cpu, load<T>(target), load<T>(op.source)));
    cpu.written(target);
    return true;
  }

  // The same three, where only the flags count.

  @inline static examineRegister<O, T>(cpu: Processor, op: Operation): void {
    changetype<O>(0).apply<T>(cpu, load<T>(op.destination), load<T>(op.source));
  }

  @inline static examineLoad<O, T>(cpu: Processor, op: Operation): bool {
    const source = cpu.readAt<T>(op.sum);
    if (source == 0) return false;
    changetype<O>(0).apply<T>(cpu, load<T>(op.destination), load<T>(source));
    return true;
  }

  @inline static examineStore<O, T>(cpu: Processor, op: Operation): bool {
    const target = cpu.readAt<T>(op.sum);
    if (target == 0) return false;
    changetype<O>(0).apply<T>(cpu, load<T>(target), load<T>(op.source));
    return true;
  }

  /** A register alone. */
  @inline static one<O, T>(cpu: Processor, op: Operation): void {
    const target = op.destination;
    cpu.setRegister<T>(target, changetype<O>(0).apply<T>(cpu, load<T>(target)));
  }

  /** A register and a count: see `instructions/shift-operation.ts`. */
  @inline static shift<O, T>(cpu: Processor, op: Operation): void {
    const target = op.destination;
    const result = changetype<O>(0).apply<T>(cpu, load<T>(target), Shifts.count<T>(op));
    cpu.setRegister<T>(target, result);
  }

  // Moves: T is the destination's type, S the source's.

  @inline static moveRegister<T, S>(cpu: Processor, op: Operation): void {
    cpu.setRegister<T>(op.destination, <T>load<S>(op.source));
  }

  @inline static moveLoad<T, S>(cpu: Processor, op: Operation): bool {
    const source = cpu.readAt<S>(op.sum);
    if (source == 0) return false;
    cpu.setRegister<T>(op.destination, <T>load<S>(source));
    return true;
  }

  @inline static moveStore<T>(cpu: Processor, op: Operation): bool {
    return cpu.writeAt<T>(op.sum, load<T>(op.source));
  }

  /** What is popped into RSP is not moved. */
  @inline static pop(cpu: Processor, op: Operation): bool {
    const top = Stack.top<u64>(cpu);
    if (top == 0) return false;
    const value = load<u64>(top);
    Stack.drop(cpu, 8);
    store<u64>(op.destination, value);
    return true;
  }

  /** To where the instruction itself says. */
  @inline static jump(cpu: Processor, op: Operation): i32 {
    return HotForm.linked(Branch.to<u64>(cpu, Branch.next(cpu, op) + op.immediate));
  }

  /** What has led to where the instruction itself says. */
  @inline static linked(after: i32): i32 {
    return after == After.Jump ? LINKED : after;
  }
}
