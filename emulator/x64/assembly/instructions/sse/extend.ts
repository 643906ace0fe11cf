// PMOVSX and PMOVZX of SSE4.1: integers get wider, with their sign or with zeros.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { Vectors } from "./packed-rows";

export function extendRows(): void {
  extendRow<SignedBytesToWords, u64>(0x20); // PMOVSXBW
  extendRow<SignedBytesToDoublewords, u32>(0x21); // PMOVSXBD
  extendRow<SignedBytesToQuadwords, u16>(0x22); // PMOVSXBQ
  extendRow<SignedWordsToDoublewords, u64>(0x23); // PMOVSXWD
  extendRow<SignedWordsToQuadwords, u32>(0x24); // PMOVSXWQ
  extendRow<SignedDoublewordsToQuadwords, u64>(0x25); // PMOVSXDQ
  extendRow<BytesToWords, u64>(0x30); // PMOVZXBW
  extendRow<BytesToDoublewords, u32>(0x31); // PMOVZXBD
  extendRow<BytesToQuadwords, u16>(0x32); // PMOVZXBQ
  extendRow<WordsToDoublewords, u64>(0x33); // PMOVZXWD
  extendRow<WordsToQuadwords, u32>(0x34); // PMOVZXWQ
  extendRow<DoublewordsToQuadwords, u64>(0x35); // PMOVZXDQ
}

function extendRow<T, S>(byte: i32): void {
  opcode(OpcodeMap.ThreeByte38, byte, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => Vectors.unary<T, S>(c, o));
}

class SignedBytesToWords {
  @inline apply(b: v128): v128 {
    return i16x8.extend_low_i8x16_s(b);
  }
}

class SignedBytesToDoublewords {
  @inline apply(b: v128): v128 {
    return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(b));
  }
}

class SignedBytesToQuadwords {
  @inline apply(b: v128): v128 {
    return i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(b)));
  }
}

class SignedWordsToDoublewords {
  @inline apply(b: v128): v128 {
    return i32x4.extend_low_i16x8_s(b);
  }
}

class SignedWordsToQuadwords {
  @inline apply(b: v128): v128 {
    return i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(b));
  }
}

class SignedDoublewordsToQuadwords {
  @inline apply(b: v128): v128 {
    return i64x2.extend_low_i32x4_s(b);
  }
}

class BytesToWords {
  @inline apply(b: v128): v128 {
    return i16x8.extend_low_i8x16_u(b);
  }
}

class BytesToDoublewords {
  @inline apply(b: v128): v128 {
    return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(b));
  }
}

class BytesToQuadwords {
  @inline apply(b: v128): v128 {
    return i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(b)));
  }
}

class WordsToDoublewords {
  @inline apply(b: v128): v128 {
    return i32x4.extend_low_i16x8_u(b);
  }
}

class WordsToQuadwords {
  @inline apply(b: v128): v128 {
    return i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(b));
  }
}

class DoublewordsToQuadwords {
  @inline apply(b: v128): v128 {
    return i64x2.extend_low_i32x4_u(b);
  }
}
