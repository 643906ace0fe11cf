// Packing with saturation: MMX, SSE2, SSE4.1.
import { OpcodeMap } from "../../decode/opcode-map";
import { pairedRows, xmmRow } from "./packed-rows";

export function packRows(): void {
  const two = OpcodeMap.TwoByte;
  pairedRows<SignedBytes>(two, 0x63); // PACKSSWB
  pairedRows<UnsignedBytes>(two, 0x67); // PACKUSWB
  pairedRows<SignedWords>(two, 0x6b); // PACKSSDW
  xmmRow<UnsignedWords>(OpcodeMap.ThreeByte38, 0x2b); // PACKUSDW
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
