import { allWidthRows } from "../decode/all-width-rows";
import { Attribute, Immediate, OpcodeMap, Operand } from "../decode/opcode-map";
import { twoOperandRows } from "../decode/two-operand-rows";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

/**
 * What an instruction does with values is a class with a method `apply`, which leaves the flags and
 * gives the result. It is inlined into the handlers here, and into the loop's cases
 * (`hot/operations.ts`).
 */
export class Values {
  /** `apply(cpu, a, b)` changes the destination. */
  @inline static change<O, T>(cpu: Processor, op: Operation): i32 {
    const source = cpu.source<T>(op);
    if (source == 0) return After.Fault;
    const target = cpu.update<T>(op);
    if (target == 0) return After.Fault;
    const result = changetype<O>(0).apply<T>(cpu, load<T>(target), load<T>(source));
    return cpu.put<T>(op, target, result);
  }

  /** The same, and only the flags count. */
  @inline static examine<O, T>(cpu: Processor, op: Operation): i32 {
    const source = cpu.source<T>(op);
    if (source == 0) return After.Fault;
    const target = cpu.target<T>(op);
    if (target == 0) return After.Fault;
    changetype<O>(0).apply<T>(cpu, load<T>(target), load<T>(source));
    return After.Next;
  }

  /** `apply(cpu, a)` changes the destination. */
  @inline static changeOne<O, T>(cpu: Processor, op: Operation): i32 {
    const target = cpu.update<T>(op);
    if (target == 0) return After.Fault;
    return cpu.put<T>(op, target, changetype<O>(0).apply<T>(cpu, load<T>(target)));
  }
}

/** @param digit of the ModRM byte after 80, 81 and 83 */
export function changeRows<O>(base: u32, digit: i32): void {
  twoOperandRows(
    base,
    digit,
    Attribute.Lockable,
    (c, o) => Values.change<O, u8>(c, o),
    (c, o) => Values.change<O, u16>(c, o),
    (c, o) => Values.change<O, u32>(c, o),
    (c, o) => Values.change<O, u64>(c, o),
  );
}

/** @param byte of operands of 8 bits; that of wider ones is the next */
export function changeOneRows<O>(byte: i32, digit: i32): void {
  allWidthRows(
    OpcodeMap.OneByte,
    byte,
    digit,
    Operand.E,
    Operand.None,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => Values.changeOne<O, u8>(c, o),
    (c, o) => Values.changeOne<O, u16>(c, o),
    (c, o) => Values.changeOne<O, u32>(c, o),
    (c, o) => Values.changeOne<O, u64>(c, o),
  );
}
