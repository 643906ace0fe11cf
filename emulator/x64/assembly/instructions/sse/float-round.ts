// ROUNDPS, ROUNDPD, ROUNDSS, ROUNDSD of SSE4.1.
import { Column, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { roundBinary } from "../../float/binary";
import { DOWN, NEAREST, PRECISION, sseUnit, UP } from "../../float/float-unit";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { finishExactly } from "./exact-lanes";
import { FloatLanes, Plain } from "./float-lanes";
import { Sse } from "./operands";

export function floatRoundRows(): void {
  const three = OpcodeMap.ThreeByte3a;
  opcode(three, 0x08, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => packed<f32, u32>(c, o)); // ROUNDPS
  opcode(three, 0x09, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => packed<f64, u64>(c, o)); // ROUNDPD
  opcode(three, 0x0a, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => scalar<f32, u32>(c, o)); // ROUNDSS
  opcode(three, 0x0b, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => scalar<f64, u64>(c, o)); // ROUNDSD
}

/** What the immediate says (SDM vol. 2B, ROUNDPD). */
enum Control {
  Rounding = 3,
  /** The rounding is MXCSR's. */
  ByMxcsr = 1 << 2,
  /** An inexact result is no exception. */
  IsQuiet = 1 << 3,
}

const results = memory.data(16, 16);

function packed<F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  return source == 0 ? After.Fault : round<F, B>(cpu, op, source, 16);
}

function scalar<F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<F>(cpu, op);
  return source == 0 ? After.Fault : round<F, B>(cpu, op, source, sizeof<F>());
}

function round<F, B>(cpu: Processor, op: Operation, source: usize, bytes: usize): i32 {
  const control = <u32>op.immediate;
  const isByMxcsr = (control & Control.ByMxcsr) != 0;
  const rounding = isByMxcsr ? FloatLanes.rounding(cpu) : control & Control.Rounding;
  let isInexact = false;
  let isPlain = true;
  for (let at: usize = 0; at < bytes && isPlain; at += sizeof<F>()) {
    const value = load<F>(source + at);
    const result = roundTo<F>(value, rounding);
    store<F>(results + at, result);
    isPlain = Plain.areOrdered<F>(value, result);
    if (result != value) isInexact = true;
  }
  if (!isPlain) return roundExactly<B>(cpu, op, source, bytes, rounding);
  if (isInexact && (control & Control.IsQuiet) == 0 && !FloatLanes.noteInexact(cpu)) {
    return roundExactly<B>(cpu, op, source, bytes, rounding);
  }
  memory.copy(op.destination, results, bytes);
  return After.Next;
}

function roundTo<F>(value: F, rounding: u32): F {
  switch (rounding) {
    case NEAREST:
      return nearest<F>(value);
    case DOWN:
      return floor<F>(value);
    case UP:
      return ceil<F>(value);
    default:
      return trunc<F>(value);
  }
}

function roundExactly<B>(
  cpu: Processor,
  op: Operation,
  source: usize,
  bytes: usize,
  rounding: u32,
): i32 {
  const unit = sseUnit;
  unit.beginSse(cpu.mxcsr);
  let flags: u32 = 0;
  for (let at: usize = 0; at < bytes; at += sizeof<B>()) {
    unit.flags = 0;
    store<B>(results + at, roundBinary<B>(unit, load<B>(source + at), rounding));
    flags |= unit.flags;
  }
  if ((<u32>op.immediate & Control.IsQuiet) != 0) flags &= ~PRECISION;
  if (!finishExactly(cpu, flags)) return After.Fault;
  memory.copy(op.destination, results, bytes);
  return After.Next;
}
