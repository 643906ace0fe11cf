// Packed multiplication: MMX, SSE, SSE2, SSSE3, SSE4.1.
import { OpcodeMap } from "../../decode/opcode-map";
import { packedRows, xmmRow } from "./packed-rows";

export function integerMultiplyRows(): void {
  const two = OpcodeMap.TwoByte;
  packedRows<MultiplyLow>(two, 0xd5); // PMULLW
  packedRows<MultiplyHigh>(two, 0xe5); // PMULHW
  packedRows<MultiplyHighUnsigned>(two, 0xe4); // PMULHUW
  packedRows<MultiplyAdd>(two, 0xf5); // PMADDWD
  packedRows<MultiplyEvenUnsigned>(two, 0xf4); // PMULUDQ
  const three = OpcodeMap.ThreeByte38;
  packedRows<MultiplyAddBytes>(three, 0x04); // PMADDUBSW
  packedRows<MultiplyHighRounded>(three, 0x0b); // PMULHRSW
  xmmRow<MultiplyEven>(three, 0x28); // PMULDQ
  xmmRow<MultiplyLowDoublewords>(three, 0x40); // PMULLD
}

class MultiplyLow {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.mul(a, b);
  }
}

class MultiplyHigh {
  @inline apply(a: v128, b: v128): v128 {
    const low = i32x4.extmul_low_i16x8_s(a, b);
    return Words.upperOf(low, i32x4.extmul_high_i16x8_s(a, b));
  }
}

class MultiplyHighUnsigned {
  @inline apply(a: v128, b: v128): v128 {
    const low = i32x4.extmul_low_i16x8_u(a, b);
    return Words.upperOf(low, i32x4.extmul_high_i16x8_u(a, b));
  }
}

class Words {
  /** The upper words of the eight doublewords of two vectors. */
  @inline static upperOf(low: v128, high: v128): v128 {
    return v128.shuffle<u16>(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
  }
}

class MultiplyAdd {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.dot_i16x8_s(a, b);
  }
}

class MultiplyAddBytes {
  /** Unsigned bytes of a by signed ones of b, sums of pairs saturated. */
  @inline apply(a: v128, b: v128): v128 {
    const even = i16x8.mul(v128.and(a, i16x8.splat(0xff)), i16x8.shr_s(i16x8.shl(b, 8), 8));
    const odd = i16x8.mul(i16x8.shr_u(a, 8), i16x8.shr_s(b, 8));
    return i16x8.add_sat_s(even, odd);
  }
}

class MultiplyHighRounded {
  /** As WebAssembly's multiplication of fractions, but -1 by -1 is not saturated. */
  @inline apply(a: v128, b: v128): v128 {
    const least = i16x8.splat(-0x8000);
    const isSaturated = v128.and(i16x8.eq(a, least), i16x8.eq(b, least));
    return v128.xor(i16x8.q15mulr_sat_s(a, b), isSaturated);
  }
}

class MultiplyEvenUnsigned {
  @inline apply(a: v128, b: v128): v128 {
    const low = i64x2.splat(0xffffffff);
    return i64x2.mul(v128.and(a, low), v128.and(b, low));
  }
}

class MultiplyEven {
  @inline apply(a: v128, b: v128): v128 {
    return i64x2.mul(Quadwords.signed(a), Quadwords.signed(b));
  }
}

class Quadwords {
  /** The even doublewords, sign-extended. */
  @inline static signed(value: v128): v128 {
    return i64x2.shr_s(i64x2.shl(value, 32), 32);
  }
}

class MultiplyLowDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.mul(a, b);
  }
}
