// Packed shifts: MMX, SSE2. Of whole registers by bytes: PSRLDQ, PSLLDQ.
import { Column, Form, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Mmx } from "../mmx/operands";
import { ByteIndices } from "./byte-indices";
import { Sse } from "./operands";

export function integerShiftRows(): void {
  shiftRows<RightWords>(0xd1, 0x71, 2); // PSRLW
  shiftRows<RightDoublewords>(0xd2, 0x72, 2); // PSRLD
  shiftRows<RightQuadwords>(0xd3, 0x73, 2); // PSRLQ
  shiftRows<ArithmeticWords>(0xe1, 0x71, 4); // PSRAW
  shiftRows<ArithmeticDoublewords>(0xe2, 0x72, 4); // PSRAD
  shiftRows<LeftWords>(0xf1, 0x71, 6); // PSLLW
  shiftRows<LeftDoublewords>(0xf2, 0x72, 6); // PSLLD
  shiftRows<LeftQuadwords>(0xf3, 0x73, 6); // PSLLQ
  opcode(OpcodeMap.TwoByte, 0x73, Column.X66, 3, Form.Register)
    .of(Operand.W, Operand.None, Immediate.U8)
    .does(shiftBytesRight); // PSRLDQ
  opcode(OpcodeMap.TwoByte, 0x73, Column.X66, 7, Form.Register)
    .of(Operand.W, Operand.None, Immediate.U8)
    .does(shiftBytesLeft); // PSLLDQ
}

/**
 * A shift by the low 64 bits of the source, and one by an immediate.
 * @param digit of the ModRM byte of the latter
 */
function shiftRows<T>(byte: i32, immediateByte: i32, digit: i32): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, byte, Column.None)
    .of(Operand.P, Operand.Q)
    .does((c, o) => shiftMmx<T>(c, o));
  opcode(two, byte, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => shift<T>(c, o));
  opcode(two, immediateByte, Column.None, digit, Form.Register)
    .of(Operand.Q, Operand.None, Immediate.U8)
    .does((c, o) => shiftImmediateMmx<T>(c, o));
  opcode(two, immediateByte, Column.X66, digit, Form.Register)
    .of(Operand.W, Operand.None, Immediate.U8)
    .does((c, o) => shiftImmediate<T>(c, o));
}

function shift<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  return Sse.put(op, changetype<T>(0).apply(Sse.destination(op), load<u64>(source)));
}

function shiftImmediate<T>(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return Sse.put(op, changetype<T>(0).apply(Sse.destination(op), <u64>op.immediate));
}

function shiftMmx<T>(cpu: Processor, op: Operation): i32 {
  const source = Mmx.source<u64>(cpu, op);
  if (source == 0) return After.Fault;
  const a = v128.load64_zero(op.destination);
  return Mmx.putLane(cpu, op, changetype<T>(0).apply(a, load<u64>(source)));
}

function shiftImmediateMmx<T>(cpu: Processor, op: Operation): i32 {
  if (!Mmx.isReady(cpu)) return After.Fault;
  const a = v128.load64_zero(op.destination);
  return Mmx.putLane(cpu, op, changetype<T>(0).apply(a, <u64>op.immediate));
}

// WebAssembly takes counts modulo the lane's width. Here nothing is left of a number, or its sign.

class RightWords {
  @inline apply(a: v128, count: u64): v128 {
    return count < 16 ? i16x8.shr_u(a, <i32>count) : i64x2.splat(0);
  }
}

class RightDoublewords {
  @inline apply(a: v128, count: u64): v128 {
    return count < 32 ? i32x4.shr_u(a, <i32>count) : i64x2.splat(0);
  }
}

class RightQuadwords {
  @inline apply(a: v128, count: u64): v128 {
    return count < 64 ? i64x2.shr_u(a, <i32>count) : i64x2.splat(0);
  }
}

class ArithmeticWords {
  @inline apply(a: v128, count: u64): v128 {
    return i16x8.shr_s(a, <i32>min<u64>(count, 15));
  }
}

class ArithmeticDoublewords {
  @inline apply(a: v128, count: u64): v128 {
    return i32x4.shr_s(a, <i32>min<u64>(count, 31));
  }
}

class LeftWords {
  @inline apply(a: v128, count: u64): v128 {
    return count < 16 ? i16x8.shl(a, <i32>count) : i64x2.splat(0);
  }
}

class LeftDoublewords {
  @inline apply(a: v128, count: u64): v128 {
    return count < 32 ? i32x4.shl(a, <i32>count) : i64x2.splat(0);
  }
}

class LeftQuadwords {
  @inline apply(a: v128, count: u64): v128 {
    return count < 64 ? i64x2.shl(a, <i32>count) : i64x2.splat(0);
  }
}

function shiftBytesRight(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  const count = <i32>min<i64>(op.immediate, 16);
  return Sse.put(op, i8x16.swizzle(Sse.destination(op), ByteIndices.from(count)));
}

function shiftBytesLeft(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  const count = <i32>min<i64>(op.immediate, 16);
  return Sse.put(op, i8x16.swizzle(Sse.destination(op), ByteIndices.from(-count)));
}
