// SHL (SAL), SHR, SAR.
import { Flags, Wide } from "../flags/lazy-flags";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { shiftRows } from "./shift-operation";

export function shiftInstructionRows(): void {
  shiftRows<ShiftLeft>(4);
  // The same instruction again, in AMD's map.
  shiftRows<ShiftLeft>(6);
  shiftRows<ShiftRight>(5);
  shiftRows<ShiftArithmetic>(7);
}

export class ShiftLeft {
  @inline apply<T>(cpu: Processor, a: T, count: u64): T {
    if (count == 0) return a;
    const value = <u64>a;
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
}

export class ShiftRight {
  @inline apply<T>(cpu: Processor, a: T, count: u64): T {
    if (count == 0) return a;
    const value = <u64>a;
    const result = <T>(value >> count);
    const carry = (value >> (count - 1)) & 1;
    const overflow = Wide.signed<T>(a) < 0;
    Flags.result<T>(cpu, result, <u32>carry | (overflow ? <u32>Flag.Overflow : 0));
    return result;
  }
}

export class ShiftArithmetic {
  @inline apply<T>(cpu: Processor, a: T, count: u64): T {
    if (count == 0) return a;
    const value = Wide.signed<T>(a);
    const result = <T>(value >> count);
    Flags.result<T>(cpu, result, <u32>(value >> (count - 1)) & 1);
    return result;
  }
}
