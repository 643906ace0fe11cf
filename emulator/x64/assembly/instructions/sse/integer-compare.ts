// Packed comparison, the lesser and the greater of integers: MMX, SSE, SSE2, SSE4.1, SSE4.2.
import { OpcodeMap } from "../../decode/opcode-map";
import { packedRows, xmmRow } from "./packed-rows";

export function integerCompareRows(): void {
  const two = OpcodeMap.TwoByte;
  packedRows<EqualBytes>(two, 0x74); // PCMPEQB
  packedRows<EqualWords>(two, 0x75); // PCMPEQW
  packedRows<EqualDoublewords>(two, 0x76); // PCMPEQD
  packedRows<GreaterBytes>(two, 0x64); // PCMPGTB
  packedRows<GreaterWords>(two, 0x65); // PCMPGTW
  packedRows<GreaterDoublewords>(two, 0x66); // PCMPGTD
  packedRows<LeastUnsignedBytes>(two, 0xda); // PMINUB
  packedRows<MostUnsignedBytes>(two, 0xde); // PMAXUB
  packedRows<LeastWords>(two, 0xea); // PMINSW
  packedRows<MostWords>(two, 0xee); // PMAXSW
  const three = OpcodeMap.ThreeByte38;
  xmmRow<EqualQuadwords>(three, 0x29); // PCMPEQQ
  xmmRow<GreaterQuadwords>(three, 0x37); // PCMPGTQ
  xmmRow<LeastBytes>(three, 0x38); // PMINSB
  xmmRow<LeastDoublewords>(three, 0x39); // PMINSD
  xmmRow<LeastUnsignedWords>(three, 0x3a); // PMINUW
  xmmRow<LeastUnsignedDoublewords>(three, 0x3b); // PMINUD
  xmmRow<MostBytes>(three, 0x3c); // PMAXSB
  xmmRow<MostDoublewords>(three, 0x3d); // PMAXSD
  xmmRow<MostUnsignedWords>(three, 0x3e); // PMAXUW
  xmmRow<MostUnsignedDoublewords>(three, 0x3f); // PMAXUD
}

class EqualBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.eq(a, b);
  }
}

class EqualWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.eq(a, b);
  }
}

class EqualDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.eq(a, b);
  }
}

class EqualQuadwords {
  @inline apply(a: v128, b: v128): v128 {
    return i64x2.eq(a, b);
  }
}

class GreaterBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.gt_s(a, b);
  }
}

class GreaterWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.gt_s(a, b);
  }
}

class GreaterDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.gt_s(a, b);
  }
}

class GreaterQuadwords {
  @inline apply(a: v128, b: v128): v128 {
    return i64x2.gt_s(a, b);
  }
}

class LeastUnsignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.min_u(a, b);
  }
}

class MostUnsignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.max_u(a, b);
  }
}

class LeastWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.min_s(a, b);
  }
}

class MostWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.max_s(a, b);
  }
}

class LeastBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.min_s(a, b);
  }
}

class LeastDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.min_s(a, b);
  }
}

class LeastUnsignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.min_u(a, b);
  }
}

class LeastUnsignedDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.min_u(a, b);
  }
}

class MostBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.max_s(a, b);
  }
}

class MostDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.max_s(a, b);
  }
}

class MostUnsignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.max_u(a, b);
  }
}

class MostUnsignedDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.max_u(a, b);
  }
}
