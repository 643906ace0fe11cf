import { Column, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Mmx } from "../mmx/operands";
import { Sse } from "./operands";

/**
 * What an instruction does with vectors: a class with a method `apply(a, b)`, or `apply(a, b,
 * immediate)`, of which a is the destination's value. The method is inlined into its handlers.
 *
 * Operations on MMX registers are those on XMM registers, with zeros in the upper lanes.
 */
export class Vectors {
  @inline static binary<T>(cpu: Processor, op: Operation): i32 {
    const source = Sse.source(cpu, op);
    if (source == 0) return After.Fault;
    return Sse.put(op, changetype<T>(0).apply(Sse.destination(op), v128.load(source)));
  }

  @inline static withImmediate<T>(cpu: Processor, op: Operation): i32 {
    const source = Sse.source(cpu, op);
    if (source == 0) return After.Fault;
    const immediate = <u32>op.immediate;
    return Sse.put(op, changetype<T>(0).apply(Sse.destination(op), v128.load(source), immediate));
  }

  @inline static binaryMmx<T>(cpu: Processor, op: Operation): i32 {
    const source = Mmx.source<u64>(cpu, op);
    if (source == 0) return After.Fault;
    const a = v128.load64_zero(op.destination);
    return Mmx.putLane(cpu, op, changetype<T>(0).apply(a, v128.load64_zero(source)));
  }

  @inline static withImmediateMmx<T>(cpu: Processor, op: Operation): i32 {
    const source = Mmx.source<u64>(cpu, op);
    if (source == 0) return After.Fault;
    const a = v128.load64_zero(op.destination);
    const b = v128.load64_zero(source);
    return Mmx.putLane(cpu, op, changetype<T>(0).apply(a, b, <u32>op.immediate));
  }

  /** A source of `sizeof<S>()` bytes, whose alignment does not matter, is all that is read. */
  @inline static unary<T, S>(cpu: Processor, op: Operation): i32 {
    const source = Sse.scalar<S>(cpu, op);
    if (source == 0) return After.Fault;
    if (sizeof<S>() == 8) return Sse.put(op, changetype<T>(0).apply(v128.load64_zero(source)));
    if (sizeof<S>() == 4) return Sse.put(op, changetype<T>(0).apply(v128.load32_zero(source)));
    return Sse.put(op, changetype<T>(0).apply(v128.load_splat<u16>(source)));
  }
}

/** An instruction on XMM registers, with the prefix that the map's column says. */
export function xmmRow<T>(map: OpcodeMap, byte: i32, column: Column = Column.X66): void {
  opcode(map, byte, column)
    .of(Operand.V, Operand.W)
    .does((c, o) => Vectors.binary<T>(c, o));
}

/** As {@link xmmRow}, with an immediate of 8 bits. */
export function xmmImmediateRow<T>(map: OpcodeMap, byte: i32, column: Column = Column.X66): void {
  opcode(map, byte, column)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => Vectors.withImmediate<T>(c, o));
}

/** An instruction on MMX registers. */
export function mmxRow<T>(map: OpcodeMap, byte: i32): void {
  opcode(map, byte, Column.None)
    .of(Operand.P, Operand.Q)
    .does((c, o) => Vectors.binaryMmx<T>(c, o));
}

/** An instruction on MMX registers, and with 66 on XMM registers. */
export function packedRows<T>(map: OpcodeMap, byte: i32): void {
  mmxRow<T>(map, byte);
  xmmRow<T>(map, byte);
}

/**
 * As {@link packedRows}, of an operation whose result has what becomes of a in its lower half, and of b
 * in its upper half: in an MMX register, both together are its result of one operand.
 */
export function pairedRows<T>(map: OpcodeMap, byte: i32): void {
  mmxRow<OfLowHalves<T>>(map, byte);
  xmmRow<T>(map, byte);
}

class OfLowHalves<T> {
  @inline apply(a: v128, b: v128): v128 {
    const both = v128.shuffle<u64>(a, b, 0, 2);
    return changetype<T>(0).apply(both, both);
  }
}
