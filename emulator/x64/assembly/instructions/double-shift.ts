// SHLD, SHRD.
import { Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { Flags, Wide } from "../flags/lazy-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

export function doubleShiftRows(): void {
  opcode(OpcodeMap.TwoByte, 0xa4)
    .of(Operand.E, Operand.G, Immediate.U8)
    .sizes(
      (c, o) => shiftLeftDouble<u16>(c, o, o.immediate),
      (c, o) => shiftLeftDouble<u32>(c, o, o.immediate),
      (c, o) => shiftLeftDouble<u64>(c, o, o.immediate),
    );
  opcode(OpcodeMap.TwoByte, 0xa5)
    .of(Operand.E, Operand.G)
    .sizes(
      (c, o) => shiftLeftDouble<u16>(c, o, c.rcx),
      (c, o) => shiftLeftDouble<u32>(c, o, c.rcx),
      (c, o) => shiftLeftDouble<u64>(c, o, c.rcx),
    );
  opcode(OpcodeMap.TwoByte, 0xac)
    .of(Operand.E, Operand.G, Immediate.U8)
    .sizes(
      (c, o) => shiftRightDouble<u16>(c, o, o.immediate),
      (c, o) => shiftRightDouble<u32>(c, o, o.immediate),
      (c, o) => shiftRightDouble<u64>(c, o, o.immediate),
    );
  opcode(OpcodeMap.TwoByte, 0xad)
    .of(Operand.E, Operand.G)
    .sizes(
      (c, o) => shiftRightDouble<u16>(c, o, c.rcx),
      (c, o) => shiftRightDouble<u32>(c, o, c.rcx),
      (c, o) => shiftRightDouble<u64>(c, o, c.rcx),
    );
}

/**
 * Of 16 bits that are shifted by more than 16, result and flags are undefined: the bits of the
 * destination follow those of the source, as if the three lay side by side.
 */
function shiftLeftDouble<T>(cpu: Processor, op: Operation, by: u64): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = by & (sizeof<T>() == 8 ? 63 : 31);
  const value = <u64>load<T>(target);
  if (count == 0) return cpu.put<T>(op, target, <T>value);
  const source = <u64>load<T>(op.source);
  const bits: u64 = sizeof<T>() * 8;
  let result: T;
  let carryBit: u64;
  if (sizeof<T>() == 2) {
    const all = (value << 32) | (source << 16) | value;
    result = <T>((all << count) >> 32);
    carryBit = (all >> (48 - count)) & 1;
  } else {
    result = <T>((value << count) | (source >> (bits - count)));
    carryBit = (value >> (bits - count)) & 1;
  }
  leaveFlags<T>(cpu, <T>value, result, carryBit);
  return cpu.put<T>(op, target, result);
}

function shiftRightDouble<T>(cpu: Processor, op: Operation, by: u64): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = by & (sizeof<T>() == 8 ? 63 : 31);
  const value = <u64>load<T>(target);
  if (count == 0) return cpu.put<T>(op, target, <T>value);
  const source = <u64>load<T>(op.source);
  const bits: u64 = sizeof<T>() * 8;
  let result: T;
  let carryBit: u64;
  if (sizeof<T>() == 2) {
    const all = (value << 32) | (source << 16) | value;
    result = <T>(all >> count);
    carryBit = (all >> (count - 1)) & 1;
  } else {
    result = <T>((value >> count) | (source << (bits - count)));
    carryBit = (value >> (count - 1)) & 1;
  }
  leaveFlags<T>(cpu, <T>value, result, carryBit);
  return cpu.put<T>(op, target, result);
}

/** OF, which is defined for shifts by 1 only, says that the sign has changed. */
function leaveFlags<T>(cpu: Processor, before: T, result: T, carryBit: u64): void {
  const overflow = (Wide.signed<T>(before) ^ Wide.signed<T>(result)) < 0;
  Flags.result<T>(cpu, result, <u32>carryBit | (overflow ? <u32>Flag.Overflow : 0));
}
