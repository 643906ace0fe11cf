// Sums within and across a register: SSE's PSADBW, SSSE3's PHADD and PHSUB, SSE4.1's MPSADBW and
// PHMINPOSUW.
import { OpcodeMap } from "../../decode/opcode-map";
import { packedRows, pairedRows, xmmImmediateRow, xmmRow } from "./packed-rows";

export function integerHorizontalRows(): void {
  const three = OpcodeMap.ThreeByte38;
  pairedRows<AddWords>(three, 0x01); // PHADDW
  pairedRows<AddDoublewords>(three, 0x02); // PHADDD
  pairedRows<AddSaturated>(three, 0x03); // PHADDSW
  pairedRows<SubtractWords>(three, 0x05); // PHSUBW
  pairedRows<SubtractDoublewords>(three, 0x06); // PHSUBD
  pairedRows<SubtractSaturated>(three, 0x07); // PHSUBSW
  packedRows<SumOfDifferences>(OpcodeMap.TwoByte, 0xf6); // PSADBW
  xmmRow<LeastWord>(three, 0x41); // PHMINPOSUW
  xmmImmediateRow<SumsOfDifferences>(OpcodeMap.ThreeByte3a, 0x42); // MPSADBW
}

class Pairs {
  @inline static evenWords(a: v128, b: v128): v128 {
    return v128.shuffle<u16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  }

  @inline static oddWords(a: v128, b: v128): v128 {
    return v128.shuffle<u16>(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  }

  @inline static evenDoublewords(a: v128, b: v128): v128 {
    return v128.shuffle<u32>(a, b, 0, 2, 4, 6);
  }

  @inline static oddDoublewords(a: v128, b: v128): v128 {
    return v128.shuffle<u32>(a, b, 1, 3, 5, 7);
  }
}

class AddWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.add(Pairs.evenWords(a, b), Pairs.oddWords(a, b));
  }
}

class AddDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.add(Pairs.evenDoublewords(a, b), Pairs.oddDoublewords(a, b));
  }
}

class AddSaturated {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.add_sat_s(Pairs.evenWords(a, b), Pairs.oddWords(a, b));
  }
}

class SubtractWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.sub(Pairs.evenWords(a, b), Pairs.oddWords(a, b));
  }
}

class SubtractDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.sub(Pairs.evenDoublewords(a, b), Pairs.oddDoublewords(a, b));
  }
}

class SubtractSaturated {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.sub_sat_s(Pairs.evenWords(a, b), Pairs.oddWords(a, b));
  }
}

class Differences {
  @inline static ofBytes(a: v128, b: v128): v128 {
    return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
  }
}

class SumOfDifferences {
  /** In each half: the sum of the absolute differences of its eight bytes. */
  @inline apply(a: v128, b: v128): v128 {
    const pairs = i16x8.extadd_pairwise_i8x16_u(Differences.ofBytes(a, b));
    const fours = i32x4.extadd_pairwise_i16x8_u(pairs);
    return i64x2.add(i64x2.shr_u(fours, 32), v128.and(fours, i64x2.splat(0xffffffff)));
  }
}

class LeastWord {
  /** The least word of b, and its number: the first of equal ones. */
  apply(a: v128, b: v128): v128 {
    let least = v128.extract_lane<u16>(b, 0);
    let number: u32 = 0;
    let words = b;
    for (let lane: u32 = 1; lane < 8; lane++) {
      words = v128.shuffle<u16>(words, words, 1, 2, 3, 4, 5, 6, 7, 0);
      const word = v128.extract_lane<u16>(words, 0);
      if (word < least) {
        least = word;
        number = lane;
      }
    }
    return i32x4.replace_lane(i64x2.splat(0), 0, <u32>least | (number << 16));
  }
}

class SumsOfDifferences {
  /** Eight sums: four bytes of b with those of a, from eight places on. */
  apply(a: v128, b: v128, immediate: u32): v128 {
    const fixed = i8x16.swizzle(b, Offsets.repeated((immediate & 3) << 2));
    const begin = Offsets.sliding((immediate & 4) as i32);
    const first = Differences.ofBytes(i8x16.swizzle(a, begin), fixed);
    const second = Differences.ofBytes(i8x16.swizzle(a, i8x16.add(begin, i8x16.splat(4))), fixed);
    return i16x8.narrow_i32x4_u(Offsets.sumsOfFours(first), Offsets.sumsOfFours(second));
  }
}

class Offsets {
  /** The indices of four bytes, four times. */
  @inline static repeated(begin: u32): v128 {
    return i32x4.splat(0x03020100 + begin * 0x01010101);
  }

  /** The indices of four bytes each from four places on. */
  @inline static sliding(begin: i32): v128 {
    const indices = i8x16(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6);
    return i8x16.add(indices, i8x16.splat(<i8>begin));
  }

  @inline static sumsOfFours(bytes: v128): v128 {
    return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  }
}
