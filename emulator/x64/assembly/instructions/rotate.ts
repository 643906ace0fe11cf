// ROL, ROR, RCL, RCR.
import { carry } from "../flags/lazy-flags";
import { replaceFlags } from "../flags/replace-flags";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { shiftRows } from "./shift-operation";

export function rotateRows(): void {
  shiftRows<RotateLeft>(0);
  shiftRows<RotateRight>(1);
  shiftRows<RotateCarryLeft>(2);
  shiftRows<RotateCarryRight>(3);
}

/** Bits of the operands, and how many a rotation through CF moves. */
class Rotation {
  @inline static bits<T>(): u64 {
    return sizeof<T>() * 8;
  }

  @inline static topBit<T>(value: u64): u64 {
    return (value >> (Rotation.bits<T>() - 1)) & 1;
  }

  @inline static throughCarry<T>(count: u64): u64 {
    return count % (Rotation.bits<T>() + 1);
  }
}

/** Rotations change CF, and OF, which is defined for those by 1 only. */
function leaveFlags(cpu: Processor, carryBit: u64, overflowBit: u64): void {
  const flags = <u32>carryBit | (overflowBit != 0 ? <u32>Flag.Overflow : 0);
  replaceFlags(cpu, Flag.Carry | Flag.Overflow, flags);
}

class RotateLeft {
  @inline apply<T>(cpu: Processor, a: T, count: u64): T {
    const result = rotl<T>(a, <T>count);
    if (count != 0) {
      const carryBit = <u64>result & 1;
      leaveFlags(cpu, carryBit, carryBit ^ Rotation.topBit<T>(result));
    }
    return result;
  }
}

class RotateRight {
  @inline apply<T>(cpu: Processor, a: T, count: u64): T {
    const result = rotr<T>(a, <T>count);
    if (count != 0) {
      const carryBit = Rotation.topBit<T>(result);
      leaveFlags(cpu, carryBit, carryBit ^ Rotation.topBit<T>((<u64>result) << 1));
    }
    return result;
  }
}

class RotateCarryLeft {
  @inline apply<T>(cpu: Processor, a: T, by: u64): T {
    const count = Rotation.throughCarry<T>(by);
    if (count == 0) return a;
    const value = <u64>a;
    const bits = Rotation.bits<T>();
    const wrapped = count > 1 ? value >> (bits + 1 - count) : 0;
    const result = <T>((value << count) | ((<u64>carry(cpu)) << (count - 1)) | wrapped);
    const carryBit = (value >> (bits - count)) & 1;
    leaveFlags(cpu, carryBit, carryBit ^ Rotation.topBit<T>(result));
    return result;
  }
}

class RotateCarryRight {
  @inline apply<T>(cpu: Processor, a: T, by: u64): T {
    const count = Rotation.throughCarry<T>(by);
    if (count == 0) return a;
    const value = <u64>a;
    const bits = Rotation.bits<T>();
    const wrapped = count > 1 ? value << (bits + 1 - count) : 0;
    const shifted = count < 64 ? value >> count : 0;
    const result = <T>(shifted | ((<u64>carry(cpu)) << (bits - count)) | wrapped);
    const carryBit = (value >> (count - 1)) & 1;
    leaveFlags(cpu, carryBit, Rotation.topBit<T>(result) ^ Rotation.topBit<T>((<u64>result) << 1));
    return result;
  }
}
