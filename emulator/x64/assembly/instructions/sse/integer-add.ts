// Packed addition and subtraction, averages, absolute values and signs: MMX, SSE2, SSSE3.
import { OpcodeMap } from "../../decode/opcode-map";
import { packedRows } from "./packed-rows";

export function integerAddRows(): void {
  const two = OpcodeMap.TwoByte;
  packedRows<AddBytes>(two, 0xfc); // PADDB
  packedRows<AddWords>(two, 0xfd); // PADDW
  packedRows<AddDoublewords>(two, 0xfe); // PADDD
  packedRows<AddQuadwords>(two, 0xd4); // PADDQ
  packedRows<AddSignedBytes>(two, 0xec); // PADDSB
  packedRows<AddSignedWords>(two, 0xed); // PADDSW
  packedRows<AddUnsignedBytes>(two, 0xdc); // PADDUSB
  packedRows<AddUnsignedWords>(two, 0xdd); // PADDUSW
  packedRows<SubtractBytes>(two, 0xf8); // PSUBB
  packedRows<SubtractWords>(two, 0xf9); // PSUBW
  packedRows<SubtractDoublewords>(two, 0xfa); // PSUBD
  packedRows<SubtractQuadwords>(two, 0xfb); // PSUBQ
  packedRows<SubtractSignedBytes>(two, 0xe8); // PSUBSB
  packedRows<SubtractSignedWords>(two, 0xe9); // PSUBSW
  packedRows<SubtractUnsignedBytes>(two, 0xd8); // PSUBUSB
  packedRows<SubtractUnsignedWords>(two, 0xd9); // PSUBUSW
  packedRows<AverageBytes>(two, 0xe0); // PAVGB
  packedRows<AverageWords>(two, 0xe3); // PAVGW
  const three = OpcodeMap.ThreeByte38;
  packedRows<SignBytes>(three, 0x08); // PSIGNB
  packedRows<SignWords>(three, 0x09); // PSIGNW
  packedRows<SignDoublewords>(three, 0x0a); // PSIGND
  packedRows<AbsoluteBytes>(three, 0x1c); // PABSB
  packedRows<AbsoluteWords>(three, 0x1d); // PABSW
  packedRows<AbsoluteDoublewords>(three, 0x1e); // PABSD
}

class AddBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.add(a, b);
  }
}

class AddWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.add(a, b);
  }
}

class AddDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.add(a, b);
  }
}

class AddQuadwords {
  @inline apply(a: v128, b: v128): v128 {
    return i64x2.add(a, b);
  }
}

class AddSignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.add_sat_s(a, b);
  }
}

class AddSignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.add_sat_s(a, b);
  }
}

class AddUnsignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.add_sat_u(a, b);
  }
}

class AddUnsignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.add_sat_u(a, b);
  }
}

class SubtractBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.sub(a, b);
  }
}

class SubtractWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.sub(a, b);
  }
}

class SubtractDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.sub(a, b);
  }
}

class SubtractQuadwords {
  @inline apply(a: v128, b: v128): v128 {
    return i64x2.sub(a, b);
  }
}

class SubtractSignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.sub_sat_s(a, b);
  }
}

class SubtractSignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.sub_sat_s(a, b);
  }
}

class SubtractUnsignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.sub_sat_u(a, b);
  }
}

class SubtractUnsignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.sub_sat_u(a, b);
  }
}

class AverageBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.avgr_u(a, b);
  }
}

class AverageWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.avgr_u(a, b);
  }
}

class AbsoluteBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.abs(b);
  }
}

class AbsoluteWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.abs(b);
  }
}

class AbsoluteDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.abs(b);
  }
}

class SignBytes {
  @inline apply(a: v128, b: v128): v128 {
    const zero = i64x2.splat(0);
    const negated = v128.bitselect(i8x16.neg(a), a, i8x16.lt_s(b, zero));
    return v128.andnot(negated, i8x16.eq(b, zero));
  }
}

class SignWords {
  @inline apply(a: v128, b: v128): v128 {
    const zero = i64x2.splat(0);
    const negated = v128.bitselect(i16x8.neg(a), a, i16x8.lt_s(b, zero));
    return v128.andnot(negated, i16x8.eq(b, zero));
  }
}

class SignDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    const zero = i64x2.splat(0);
    const negated = v128.bitselect(i32x4.neg(a), a, i32x4.lt_s(b, zero));
    return v128.andnot(negated, i32x4.eq(b, zero));
  }
}
