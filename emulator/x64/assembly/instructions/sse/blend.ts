// Blending of SSE4.1: lanes of the destination or of the source, as a mask says.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Sse } from "./operands";
import { xmmImmediateRow } from "./packed-rows";

export function blendRows(): void {
  blendRow<SignsOfBytes>(0x10); // PBLENDVB
  blendRow<SignsOfDoublewords>(0x14); // BLENDVPS
  blendRow<SignsOfQuadwords>(0x15); // BLENDVPD
  xmmImmediateRow<BlendDoublewords>(OpcodeMap.ThreeByte3a, 0x0c); // BLENDPS
  xmmImmediateRow<BlendQuadwords>(OpcodeMap.ThreeByte3a, 0x0d); // BLENDPD
  xmmImmediateRow<BlendWords>(OpcodeMap.ThreeByte3a, 0x0e); // PBLENDW
}

function blendRow<T>(byte: i32): void {
  opcode(OpcodeMap.ThreeByte38, byte, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => blendBySigns<T>(c, o));
}

/** The signs of XMM0's lanes choose. */
function blendBySigns<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const mask = changetype<T>(0).apply(v128.load(cpu.xmm(0)));
  return Sse.put(op, v128.bitselect(v128.load(source), Sse.destination(op), mask));
}

class SignsOfBytes {
  @inline apply(mask: v128): v128 {
    return i8x16.shr_s(mask, 7);
  }
}

class SignsOfDoublewords {
  @inline apply(mask: v128): v128 {
    return i32x4.shr_s(mask, 31);
  }
}

class SignsOfQuadwords {
  @inline apply(mask: v128): v128 {
    return i64x2.shr_s(mask, 63);
  }
}

class BlendWords {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const bits = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
    return v128.bitselect(b, a, i16x8.eq(v128.and(i16x8.splat(<i16>immediate), bits), bits));
  }
}

class BlendDoublewords {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const bits = i32x4(1, 2, 4, 8);
    return v128.bitselect(b, a, i32x4.eq(v128.and(i32x4.splat(immediate), bits), bits));
  }
}

class BlendQuadwords {
  @inline apply(a: v128, b: v128, immediate: u32): v128 {
    const bits = i64x2(1, 2);
    return v128.bitselect(b, a, i64x2.eq(v128.and(i64x2.splat(immediate), bits), bits));
  }
}
