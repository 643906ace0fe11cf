import { allWidthRows } from "../decode/all-width-rows";
import { Immediate, OpcodeMap, Operand } from "../decode/opcode-map";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

/**
 * What a shift or a rotation does is a class with a method `apply(cpu, value, count)`, which leaves the
 * flags and gives the result; a count of 0 changes nothing.
 */
export class Shifts {
  @inline static change<O, T>(cpu: Processor, op: Operation): i32 {
    const target = cpu.update<T>(op);
    if (target == 0) return After.Fault;
    const result = changetype<O>(0).apply<T>(cpu, load<T>(target), Shifts.count<T>(op));
    return cpu.put<T>(op, target, result);
  }

  /** By how many bits. Only 5 bits of the count matter, and 6 for operands of 64 bits. */
  @inline static count<T>(op: Operation): u64 {
    if (op.source == 0) return 1;
    return load<u8>(op.source) & (sizeof<T>() == 8 ? 63 : 31);
  }
}

/**
 * The encodings that shifts and rotations have each: by an immediate, by 1, and by CL.
 * @param digit of the ModRM byte
 */
export function shiftRows<O>(digit: i32): void {
  shiftRowsBy<O>(0xc0, digit, Operand.I);
  shiftRowsBy<O>(0xd0, digit, Operand.None);
  shiftRowsBy<O>(0xd2, digit, Operand.Cl);
}

function shiftRowsBy<O>(byte: i32, digit: i32, count: Operand): void {
  allWidthRows(
    OpcodeMap.OneByte,
    byte,
    digit,
    Operand.E,
    count,
    count == Operand.I ? Immediate.U8 : Immediate.None,
    0,
    (c, o) => Shifts.change<O, u8>(c, o),
    (c, o) => Shifts.change<O, u16>(c, o),
    (c, o) => Shifts.change<O, u32>(c, o),
    (c, o) => Shifts.change<O, u64>(c, o),
  );
}
