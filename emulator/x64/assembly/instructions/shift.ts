// SHL (SAL), SHR, SAR.
import { ShiftCount, shiftRows } from "../decode/shift-rows";
import { Flags, Wide } from "../flags/lazy-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

export function shiftInstructionRows(): void {
  shiftLeftRows(4);
  // The same instruction again, in AMD's map.
  shiftLeftRows(6);
  shiftRows(
    5,
    (c, o) => shiftRight<u8>(c, o),
    (c, o) => shiftRight<u16>(c, o),
    (c, o) => shiftRight<u32>(c, o),
    (c, o) => shiftRight<u64>(c, o),
  );
  shiftRows(
    7,
    (c, o) => shiftArithmetic<u8>(c, o),
    (c, o) => shiftArithmetic<u16>(c, o),
    (c, o) => shiftArithmetic<u32>(c, o),
    (c, o) => shiftArithmetic<u64>(c, o),
  );
}

function shiftLeftRows(digit: i32): void {
  shiftRows(
    digit,
    (c, o) => shiftLeft<u8>(c, o),
    (c, o) => shiftLeft<u16>(c, o),
    (c, o) => shiftLeft<u32>(c, o),
    (c, o) => shiftLeft<u64>(c, o),
  );
}

/** What is left of a value that is shifted by a count from 1 on, with the flags of that. */
export class Shift {
  @inline static left<T>(cpu: Processor, value: u64, count: u64): T {
    const bits: u64 = sizeof<T>() * 8;
    const result = <T>(value << count);
    // The last bit that was shifted out; defined for as many bits as there are.
    const carry = count <= bits ? (value >> (bits - count)) & 1 : 0;
    const isNegative = Wide.signed<T>(result) < 0;
    // OF is defined for a shift by 1 only.
    const overflow = isNegative != (carry != 0);
    Flags.result<T>(cpu, result, <u32>carry | (overflow ? <u32>Flag.Overflow : 0));
    return result;
  }

  @inline static right<T>(cpu: Processor, value: u64, count: u64): T {
    const result = <T>(value >> count);
    const carry = (value >> (count - 1)) & 1;
    const overflow = Wide.signed<T>(<T>value) < 0;
    Flags.result<T>(cpu, result, <u32>carry | (overflow ? <u32>Flag.Overflow : 0));
    return result;
  }

  @inline static arithmetic<T>(cpu: Processor, value: i64, count: u64): T {
    const result = <T>(value >> count);
    Flags.result<T>(cpu, result, <u32>(value >> (count - 1)) & 1);
    return result;
  }
}

function shiftLeft<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const value = load<T>(target);
  return cpu.put<T>(op, target, count == 0 ? value : Shift.left<T>(cpu, <u64>value, count));
}

function shiftRight<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const value = load<T>(target);
  return cpu.put<T>(op, target, count == 0 ? value : Shift.right<T>(cpu, <u64>value, count));
}

function shiftArithmetic<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const value = load<T>(target);
  const result = count == 0 ? value : Shift.arithmetic<T>(cpu, Wide.signed<T>(value), count);
  return cpu.put<T>(op, target, result);
}
