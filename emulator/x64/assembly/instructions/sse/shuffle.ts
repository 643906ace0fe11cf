// Shuffles: SSE's PSHUFW and SHUFPS, SSE2's PSHUF and SHUFPD, SSSE3's PSHUFB and PALIGNR.
import { Column, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { ByteIndices } from "./byte-indices";
import { mmxRow, Vectors, xmmImmediateRow, xmmRow } from "./packed-rows";

export function shuffleRows(): void {
  const two = OpcodeMap.TwoByte;
  mmxImmediateRow<ShuffleLowWords>(two, 0x70); // PSHUFW
  xmmImmediateRow<ShuffleDoublewords>(two, 0x70); // PSHUFD
  xmmImmediateRow<ShuffleHighWords>(two, 0x70, Column.XF3); // PSHUFHW
  xmmImmediateRow<ShuffleLowWords>(two, 0x70, Column.XF2); // PSHUFLW
  xmmImmediateRow<ShuffleSingles>(two, 0xc6, Column.None); // SHUFPS
  xmmImmediateRow<ShuffleDoubles>(two, 0xc6); // SHUFPD
  mmxRow<ShuffleBytesMmx>(OpcodeMap.ThreeByte38, 0x00); // PSHUFB
  xmmRow<ShuffleBytes>(OpcodeMap.ThreeByte38, 0x00);
  mmxImmediateRow<AlignRightMmx>(OpcodeMap.ThreeByte3a, 0x0f); // PALIGNR
  xmmImmediateRow<AlignRight>(OpcodeMap.ThreeByte3a, 0x0f);
}

function mmxImmediateRow<T>(map: OpcodeMap, byte: i32): void {
  opcode(map, byte, Column.None)
    .of(Operand.P, Operand.Q, Immediate.U8)
    .does((c, o) => Vectors.withImmediateMmx<T>(c, o));
}

/** Indices for a byte-wise shuffle, of fields of an immediate. */
class Indices {
  /** Of the four words that four fields of two bits name, as 64 bits. */
  @inline static ofWords(immediate: u32): u64 {
    const fields =
      <u64>(immediate & 3) |
      ((<u64>(immediate & 0xc)) << 14) |
      ((<u64>(immediate & 0x30)) << 28) |
      ((<u64>(immediate & 0xc0)) << 42);
    return fields * 0x0202 + 0x0100010001000100;
  }

  /** Of the doublewords that four fields of two bits name. */
  @inline static ofDoublewords(immediate: u32): v128 {
    const fields = i32x4(
      immediate & 3,
      (immediate >> 2) & 3,
      (immediate >> 4) & 3,
      (immediate >> 6) & 3,
    );
    return i32x4.add(i32x4.mul(fields, i32x4.splat(0x04040404)), i32x4.splat(0x03020100));
  }
}

class ShuffleLowWords {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const same = i64x2(0, 0x0f0e0d0c0b0a0908);
    return i8x16.swizzle(b, i64x2.replace_lane(same, 0, Indices.ofWords(immediate)));
  }
}

class ShuffleHighWords {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const same = i64x2(0x0706050403020100, 0);
    const high = Indices.ofWords(immediate) + 0x0808080808080808;
    return i8x16.swizzle(b, i64x2.replace_lane(same, 1, high));
  }
}

class ShuffleDoublewords {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    return i8x16.swizzle(b, Indices.ofDoublewords(immediate));
  }
}

class ShuffleSingles {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const indices = Indices.ofDoublewords(immediate);
    return v128.shuffle<u64>(i8x16.swizzle(a, indices), i8x16.swizzle(b, indices), 0, 3);
  }
}

class ShuffleDoubles {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const low = (immediate & 1) == 0 ? i64x2.extract_lane(a, 0) : i64x2.extract_lane(a, 1);
    const high = (immediate & 2) == 0 ? i64x2.extract_lane(b, 0) : i64x2.extract_lane(b, 1);
    return i64x2.replace_lane(i64x2.splat(low), 1, high);
  }
}

class ShuffleBytes {
  /** Bit 7 of an index gives 0; WebAssembly gives 0 for all above 15. */
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.swizzle(a, v128.and(b, i8x16.splat(<i8>0x8f)));
  }
}

class ShuffleBytesMmx {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.swizzle(a, v128.and(b, i8x16.splat(<i8>0x87)));
  }
}

class AlignRight {
  /** Bytes of a:b from a place on. */
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    if (immediate >= 32) return i64x2.splat(0);
    const low = i8x16.swizzle(b, ByteIndices.from(immediate));
    return v128.or(low, i8x16.swizzle(a, ByteIndices.from(<i32>immediate - 16)));
  }
}

class AlignRightMmx {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const both = v128.shuffle<u64>(b, a, 0, 2);
    return i8x16.swizzle(both, ByteIndices.from(min<u32>(immediate, 16)));
  }
}
