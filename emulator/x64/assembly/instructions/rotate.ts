// ROL, ROR, RCL, RCR.
import { ShiftCount, shiftRows } from "../decode/shift-rows";
import { carry } from "../flags/lazy-flags";
import { replaceFlags } from "../flags/replace-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

export function rotateRows(): void {
  shiftRows(
    0,
    (c, o) => rotateLeft<u8>(c, o),
    (c, o) => rotateLeft<u16>(c, o),
    (c, o) => rotateLeft<u32>(c, o),
    (c, o) => rotateLeft<u64>(c, o),
  );
  shiftRows(
    1,
    (c, o) => rotateRight<u8>(c, o),
    (c, o) => rotateRight<u16>(c, o),
    (c, o) => rotateRight<u32>(c, o),
    (c, o) => rotateRight<u64>(c, o),
  );
  shiftRows(
    2,
    (c, o) => rotateCarryLeft<u8>(c, o),
    (c, o) => rotateCarryLeft<u16>(c, o),
    (c, o) => rotateCarryLeft<u32>(c, o),
    (c, o) => rotateCarryLeft<u64>(c, o),
  );
  shiftRows(
    3,
    (c, o) => rotateCarryRight<u8>(c, o),
    (c, o) => rotateCarryRight<u16>(c, o),
    (c, o) => rotateCarryRight<u32>(c, o),
    (c, o) => rotateCarryRight<u64>(c, o),
  );
}

/** Bits of the operands, and how many a rotation through CF moves. */
class Rotation {
  @inline static bits<T>(): u64 {
    return sizeof<T>() * 8;
  }

  @inline static topBit<T>(value: u64): u64 {
    return (value >> (Rotation.bits<T>() - 1)) & 1;
  }

  @inline static throughCarry<T>(op: Operation): u64 {
    return ShiftCount.of<T>(op) % (Rotation.bits<T>() + 1);
  }
}

/** Rotations change CF, and OF, which is defined for those by 1 only. */
function leaveFlags(cpu: Processor, carryBit: u64, overflowBit: u64): void {
  const flags = <u32>carryBit | (overflowBit != 0 ? <u32>Flag.Overflow : 0);
  replaceFlags(cpu, Flag.Carry | Flag.Overflow, flags);
}

function rotateLeft<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const result = rotl<T>(load<T>(target), <T>count);
  if (count != 0) {
    const carryBit = <u64>result & 1;
    leaveFlags(cpu, carryBit, carryBit ^ Rotation.topBit<T>(result));
  }
  return cpu.put<T>(op, target, result);
}

function rotateRight<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = ShiftCount.of<T>(op);
  const result = rotr<T>(load<T>(target), <T>count);
  if (count != 0) {
    const carryBit = Rotation.topBit<T>(result);
    leaveFlags(cpu, carryBit, carryBit ^ Rotation.topBit<T>((<u64>result) << 1));
  }
  return cpu.put<T>(op, target, result);
}

function rotateCarryLeft<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = Rotation.throughCarry<T>(op);
  const value = <u64>load<T>(target);
  if (count == 0) return cpu.put<T>(op, target, <T>value);
  const bits = Rotation.bits<T>();
  const wrapped = count > 1 ? value >> (bits + 1 - count) : 0;
  const result = <T>((value << count) | ((<u64>carry(cpu)) << (count - 1)) | wrapped);
  const carryBit = (value >> (bits - count)) & 1;
  leaveFlags(cpu, carryBit, carryBit ^ Rotation.topBit<T>(result));
  return cpu.put<T>(op, target, result);
}

function rotateCarryRight<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const count = Rotation.throughCarry<T>(op);
  const value = <u64>load<T>(target);
  if (count == 0) return cpu.put<T>(op, target, <T>value);
  const bits = Rotation.bits<T>();
  const wrapped = count > 1 ? value << (bits + 1 - count) : 0;
  const shifted = count < 64 ? value >> count : 0;
  const result = <T>(shifted | ((<u64>carry(cpu)) << (bits - count)) | wrapped);
  const carryBit = (value >> (count - 1)) & 1;
  leaveFlags(cpu, carryBit, Rotation.topBit<T>(result) ^ Rotation.topBit<T>((<u64>result) << 1));
  return cpu.put<T>(op, target, result);
}
