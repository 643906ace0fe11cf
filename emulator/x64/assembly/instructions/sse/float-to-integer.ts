// Conversions of singles and doubles to integers: CVTSD2SI, CVTTPS2DQ, CVTPD2PI ... What does not fit,
// and NaNs, become the least integer there is (SDM vol. 1, table 11-1: the integer indefinite).
import { Attribute, Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { toIntegerBinary } from "../../float/binary";
import { NEAREST, sseUnit, TOWARDS_ZERO } from "../../float/float-unit";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Mmx } from "../mmx/operands";
import { finishExactly } from "./exact-lanes";
import { FloatLanes, Plain } from "./float-lanes";
import { Sse } from "./operands";

export function floatToIntegerRows(): void {
  scalarRows();
  packedRows();
  mmxRows();
}

function scalarRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x2c, Column.XF3) // CVTTSS2SI
    .of(Operand.G, Operand.W)
    .with(Attribute.No16)
    .sizes(
      (c, o) => scalar<f32, u32, i32>(c, o, true),
      (c, o) => scalar<f32, u32, i32>(c, o, true),
      (c, o) => scalar<f32, u32, i64>(c, o, true),
    );
  opcode(two, 0x2c, Column.XF2) // CVTTSD2SI
    .of(Operand.G, Operand.W)
    .with(Attribute.No16)
    .sizes(
      (c, o) => scalar<f64, u64, i32>(c, o, true),
      (c, o) => scalar<f64, u64, i32>(c, o, true),
      (c, o) => scalar<f64, u64, i64>(c, o, true),
    );
  opcode(two, 0x2d, Column.XF3) // CVTSS2SI
    .of(Operand.G, Operand.W)
    .with(Attribute.No16)
    .sizes(
      (c, o) => scalar<f32, u32, i32>(c, o, false),
      (c, o) => scalar<f32, u32, i32>(c, o, false),
      (c, o) => scalar<f32, u32, i64>(c, o, false),
    );
  opcode(two, 0x2d, Column.XF2) // CVTSD2SI
    .of(Operand.G, Operand.W)
    .with(Attribute.No16)
    .sizes(
      (c, o) => scalar<f64, u64, i32>(c, o, false),
      (c, o) => scalar<f64, u64, i32>(c, o, false),
      (c, o) => scalar<f64, u64, i64>(c, o, false),
    );
}

function packedRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x5b, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<f32, u32>(c, o, false)); // CVTPS2DQ
  opcode(two, 0x5b, Column.XF3)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<f32, u32>(c, o, true)); // CVTTPS2DQ
  opcode(two, 0xe6, Column.XF2)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<f64, u64>(c, o, false)); // CVTPD2DQ
  opcode(two, 0xe6, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<f64, u64>(c, o, true)); // CVTTPD2DQ
}

function mmxRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x2c, Column.None)
    .of(Operand.P, Operand.W)
    .does((c, o) => toMmx<u32>(c, o, true)); // CVTTPS2PI
  opcode(two, 0x2d, Column.None)
    .of(Operand.P, Operand.W)
    .does((c, o) => toMmx<u32>(c, o, false)); // CVTPS2PI
  opcode(two, 0x2c, Column.X66)
    .of(Operand.P, Operand.W)
    .does((c, o) => toMmx<u64>(c, o, true)); // CVTTPD2PI
  opcode(two, 0x2d, Column.X66)
    .of(Operand.P, Operand.W)
    .does((c, o) => toMmx<u64>(c, o, false)); // CVTPD2PI
}

class Rounding {
  @inline static of(cpu: Processor, truncates: bool): u32 {
    return truncates ? TOWARDS_ZERO : FloatLanes.rounding(cpu);
  }
}

/** F is the number's type, B that of its bits, I the integer's. */
function scalar<F, B, I>(cpu: Processor, op: Operation, truncates: bool): i32 {
  const source = Sse.scalar<F>(cpu, op);
  if (source == 0) return After.Fault;
  const rounding = Rounding.of(cpu, truncates);
  if (truncates || rounding == NEAREST) {
    const value = load<F>(source);
    const whole = truncates ? trunc<F>(value) : nearest<F>(value);
    // The limits are powers of two, and so numbers of every format. NaNs are not within them.
    const limit = <F>(sizeof<I>() == 4 ? 2147483648.0 : 9223372036854775808.0);
    if (Plain.operand<F>(value) && whole >= -limit && whole < limit) {
      if (whole == value || FloatLanes.noteInexact(cpu)) {
        cpu.setRegister<I>(op.destination, <I>whole);
        return After.Next;
      }
    }
  }
  sseUnit.beginSse(cpu.mxcsr);
  const result = toIntegerBinary<B, I>(sseUnit, load<B>(source), rounding);
  if (!finishExactly(cpu, sseUnit.flags)) return After.Fault;
  cpu.setRegister<I>(op.destination, result);
  return After.Next;
}

const integers = memory.data(16, 16);

/**
 * Leaves the integers of so many numbers in `integers`.
 * @returns whether there are some; otherwise a fault is pending
 */
function convert<B>(cpu: Processor, source: usize, count: usize, truncates: bool): bool {
  const unit = sseUnit;
  const rounding = Rounding.of(cpu, truncates);
  unit.beginSse(cpu.mxcsr);
  let flags: u32 = 0;
  for (let lane: usize = 0; lane < count; lane++) {
    unit.flags = 0;
    const bits = load<B>(source + lane * sizeof<B>());
    store<i32>(integers + (lane << 2), toIntegerBinary<B, i32>(unit, bits, rounding));
    flags |= unit.flags;
  }
  return finishExactly(cpu, flags);
}

/** Two doubles leave zeros in the upper half. */
function packed<F, B>(cpu: Processor, op: Operation, truncates: bool): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const value = v128.load(source);
  if (truncates || Rounding.of(cpu, truncates) == NEAREST) {
    const whole = truncates ? v128.trunc<F>(value) : v128.nearest<F>(value);
    const limit = v128.splat<F>(<F>2147483648.0);
    const isWithin = v128.and(v128.ge<F>(whole, v128.neg<F>(limit)), v128.lt<F>(whole, limit));
    if (i8x16.all_true(v128.and(isWithin, Plain.operands<F>(value)))) {
      const isExact = i8x16.all_true(v128.eq<F>(whole, value));
      if (isExact || FloatLanes.noteInexact(cpu)) {
        return Sse.put(
          op,
          sizeof<F>() == 4 ? i32x4.trunc_sat_f32x4_s(whole) : i32x4.trunc_sat_f64x2_s_zero(whole),
        );
      }
    }
  }
  if (!convert<B>(cpu, source, 16 / sizeof<B>(), truncates)) return After.Fault;
  return Sse.put(op, sizeof<B>() == 4 ? v128.load(integers) : v128.load64_zero(integers));
}

/** Singles in memory are 8 bytes of any alignment, doubles 16 that are aligned. */
function toMmx<B>(cpu: Processor, op: Operation, truncates: bool): i32 {
  if (!Mmx.isReady(cpu)) return After.Fault;
  const source = sizeof<B>() == 4 ? Sse.scalar<u64>(cpu, op) : Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  // Before #XM, as AMD's processors do.
  Mmx.enter(cpu);
  if (!convert<B>(cpu, source, 2, truncates)) return After.Fault;
  return Mmx.put(cpu, op, load<u64>(integers));
}
