// Packing with saturation: MMX, SSE2, SSE4.1.
import { OpcodeMap } from "../../decode/opcode-map";
import { mmxRow, xmmRow } from "./packed-rows";

export function packRows(): void {
  const two = OpcodeMap.TwoByte;
  packRow<SignedBytes>(two, 0x63); // PACKSSWB
  packRow<UnsignedBytes>(two, 0x67); // PACKUSWB
  packRow<SignedWords>(two, 0x6b); // PACKSSDW
  xmmRow<UnsignedWords>(OpcodeMap.ThreeByte38, 0x2b); // PACKUSDW
}

function packRow<T>(map: OpcodeMap, byte: i32): void {
  mmxRow<OfLowHalves<T>>(map, byte);
  xmmRow<T>(map, byte);
}

/** An operation on pairs of registers of half the width: they make one of ours. */
class OfLowHalves<T> {
  @inline apply(a: v128, b: v128): v128 {
    const both = v128.shuffle<u64>(a, b, 0, 2);
    return changetype<T>(0).apply(both, both);
  }
}

class SignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.narrow_i16x8_s(a, b);
  }
}

class UnsignedBytes {
  @inline apply(a: v128, b: v128): v128 {
    return i8x16.narrow_i16x8_u(a, b);
  }
}

class SignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.narrow_i32x4_s(a, b);
  }
}

class UnsignedWords {
  @inline apply(a: v128, b: v128): v128 {
    return i16x8.narrow_i32x4_u(a, b);
  }
}
