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

function shiftLeft<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const value = <u64>load<T>(target);
  if (count == 0) return cpu.put<T>(op, target, <T>value);
  const bits: u64 = sizeof<T>() * 8;
  const result = <T>(value << count);
  // The last bit that was shifted out; defined for as many bits as there are.
  const carry = count <= bits ? (value >> (bits - count)) & 1 : 0;
  const isNegative = Wide.signed<T>(result) < 0;
  // OF is defined for a shift by 1 only.
  const overflow = isNegative != (carry != 0);
  Flags.result<T>(cpu, result, <u32>carry | (overflow ? <u32>Flag.Overflow : 0));
  return cpu.put<T>(op, target, result);
}

function shiftRight<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const value = <u64>load<T>(target);
  if (count == 0) return cpu.put<T>(op, target, <T>value);
  const result = <T>(value >> count);
  const carry = (value >> (count - 1)) & 1;
  const overflow = Wide.signed<T>(load<T>(target)) < 0;
  Flags.result<T>(cpu, result, <u32>carry | (overflow ? <u32>Flag.Overflow : 0));
  return cpu.put<T>(op, target, result);
}

function shiftArithmetic<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const value = Wide.signed<T>(load<T>(target));
  if (count == 0) return cpu.put<T>(op, target, <T>value);
  const result = <T>(value >> count);
  Flags.result<T>(cpu, result, <u32>(value >> (count - 1)) & 1);
  return cpu.put<T>(op, target, result);
}
