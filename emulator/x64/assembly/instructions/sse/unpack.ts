// Interleaving: MMX, SSE, SSE2.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Mmx } from "../mmx/operands";
import { mmxRow, xmmRow } from "./packed-rows";

export function unpackRows(): void {
  const two = OpcodeMap.TwoByte;
  lowRows<LowBytes>(0x60); // PUNPCKLBW
  lowRows<LowWords>(0x61); // PUNPCKLWD
  lowRows<LowDoublewords>(0x62); // PUNPCKLDQ
  xmmRow<LowQuadwords>(two, 0x6c); // PUNPCKLQDQ
  highRows<LowBytes, HighBytes>(0x68); // PUNPCKHBW
  highRows<LowWords, HighWords>(0x69); // PUNPCKHWD
  highRows<LowDoublewords, HighDoublewords>(0x6a); // PUNPCKHDQ
  xmmRow<HighQuadwords>(two, 0x6d); // PUNPCKHQDQ
  xmmRow<LowDoublewords>(two, 0x14, Column.None); // UNPCKLPS
  xmmRow<LowQuadwords>(two, 0x14); // UNPCKLPD
  xmmRow<HighDoublewords>(two, 0x15, Column.None); // UNPCKHPS
  xmmRow<HighQuadwords>(two, 0x15); // UNPCKHPD
}

/** Of an MMX source in memory only the 32 bits that are used are read. */
function lowRows<T>(byte: i32): void {
  opcode(OpcodeMap.TwoByte, byte, Column.None)
    .of(Operand.P, Operand.Q)
    .does((c, o) => lowMmx<T>(c, o));
  xmmRow<T>(OpcodeMap.TwoByte, byte);
}

function lowMmx<T>(cpu: Processor, op: Operation): i32 {
  const source = Mmx.source<u32>(cpu, op);
  if (source == 0) return After.Fault;
  const a = v128.load64_zero(op.destination);
  return Mmx.putLane(cpu, op, changetype<T>(0).apply(a, v128.load32_zero(source)));
}

/** The high half of an MMX register is in the middle of ours: the upper result of the low half. */
function highRows<Low, High>(byte: i32): void {
  mmxRow<MmxHigh<Low>>(OpcodeMap.TwoByte, byte);
  xmmRow<High>(OpcodeMap.TwoByte, byte);
}

class MmxHigh<Low> {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u64>(changetype<Low>(0).apply(a, b), a, 1, 1);
  }
}

class LowBytes {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  }
}

class LowWords {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  }
}

class LowDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  }
}

class LowQuadwords {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u64>(a, b, 0, 2);
  }
}

class HighBytes {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
}

class HighWords {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }
}

class HighDoublewords {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  }
}

class HighQuadwords {
  @inline apply(a: v128, b: v128): v128 {
    return v128.shuffle<u64>(a, b, 1, 3);
  }
}
