// Conversions between singles and doubles, and of integers to them: CVTSS2SD, CVTSI2SD, CVTDQ2PS ...
import { Attribute, Column, OpcodeMap, Operand, opcode, Row } from "../../decode/opcode-map";
import { doubleToSingle, fromIntegerBinary, singleToDouble } from "../../float/binary";
import { sseUnit } from "../../float/float-unit";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Mmx } from "../mmx/operands";
import { finishExactly } from "./exact-lanes";
import { FloatLanes, Plain } from "./float-lanes";
import { Sse } from "./operands";

export function floatConvertRows(): void {
  convertRow(0x5a, Column.None).does(singlesToDoubles); // CVTPS2PD
  convertRow(0x5a, Column.X66).does(doublesToSingles); // CVTPD2PS
  convertRow(0x5a, Column.XF3).does(scalarToDouble); // CVTSS2SD
  convertRow(0x5a, Column.XF2).does(scalarToSingle); // CVTSD2SS
  convertRow(0x5b, Column.None).does(integersToSingles); // CVTDQ2PS
  convertRow(0xe6, Column.XF3).does(integersToDoubles); // CVTDQ2PD
  opcode(OpcodeMap.TwoByte, 0x2a, Column.None).of(Operand.V, Operand.Q).does(mmxToSingles); // CVTPI2PS
  opcode(OpcodeMap.TwoByte, 0x2a, Column.X66).of(Operand.V, Operand.Q).does(mmxToDoubles); // CVTPI2PD
  opcode(OpcodeMap.TwoByte, 0x2a, Column.XF3) // CVTSI2SS
    .of(Operand.V, Operand.E)
    .with(Attribute.No16)
    .sizes(
      (c, o) => integerToSingle<i32>(c, o),
      (c, o) => integerToSingle<i32>(c, o),
      (c, o) => integerToSingle<i64>(c, o),
    );
  opcode(OpcodeMap.TwoByte, 0x2a, Column.XF2) // CVTSI2SD
    .of(Operand.V, Operand.E)
    .with(Attribute.No16)
    .sizes(
      (c, o) => integerToDouble<i32>(c, o),
      (c, o) => integerToDouble<i32>(c, o),
      (c, o) => integerToDouble<i64>(c, o),
    );
}

function convertRow(byte: i32, column: Column): Row {
  return opcode(OpcodeMap.TwoByte, byte, column).of(Operand.V, Operand.W);
}

function singlesToDoubles(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u64>(cpu, op);
  if (source == 0) return After.Fault;
  const value = v128.load64_zero(source);
  if (i8x16.all_true(Plain.operands<f32>(value))) {
    return Sse.put(op, f64x2.promote_low_f32x4(value));
  }
  const low = load<u32>(source);
  const high = load<u32>(source, 4);
  sseUnit.beginSse(cpu.mxcsr);
  const lowResult = singleToDouble(sseUnit, low);
  const lowFlags = sseUnit.flags;
  sseUnit.flags = 0;
  const highResult = singleToDouble(sseUnit, high);
  if (!finishExactly(cpu, lowFlags | sseUnit.flags)) return After.Fault;
  store<u64>(op.destination, lowResult);
  store<u64>(op.destination, highResult, 8);
  return After.Next;
}

function doublesToSingles(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const value = v128.load(source);
  if (FloatLanes.mayRound(cpu)) {
    const result = f32x4.demote_f64x2_zero(value);
    const back = f64x2.promote_low_f32x4(result);
    // By the doubles they are made again: of zeros and of what is no number it would be false.
    const isPlain = v128.and(
      f64x2.gt(f64x2.abs(back), f64x2.splat(<f64>f32.MIN_NORMAL_VALUE)),
      f64x2.lt(f64x2.abs(back), f64x2.splat(Infinity)),
    );
    const isZero = f64x2.eq(value, i64x2.splat(0));
    if (i64x2.all_true(v128.or(isPlain, isZero))) {
      const isExact = i64x2.all_true(f64x2.eq(back, value));
      if (isExact || FloatLanes.noteInexact(cpu)) return Sse.put(op, result);
    }
  }
  const low = load<u64>(source);
  const high = load<u64>(source, 8);
  sseUnit.beginSse(cpu.mxcsr);
  const lowResult = doubleToSingle(sseUnit, low);
  const lowFlags = sseUnit.flags;
  sseUnit.flags = 0;
  const highResult = doubleToSingle(sseUnit, high);
  if (!finishExactly(cpu, lowFlags | sseUnit.flags)) return After.Fault;
  return Sse.put(op, i64x2(<u64>lowResult | ((<u64>highResult) << 32), 0));
}

function scalarToDouble(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u32>(cpu, op);
  if (source == 0) return After.Fault;
  const value = load<f32>(source);
  if (Plain.areOrdered<f32>(value, value)) {
    store<f64>(op.destination, <f64>value);
    return After.Next;
  }
  sseUnit.beginSse(cpu.mxcsr);
  const result = singleToDouble(sseUnit, load<u32>(source));
  if (!finishExactly(cpu, sseUnit.flags)) return After.Fault;
  store<u64>(op.destination, result);
  return After.Next;
}

function scalarToSingle(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u64>(cpu, op);
  if (source == 0) return After.Fault;
  const value = load<f64>(source);
  if (FloatLanes.mayRound(cpu)) {
    const result = <f32>value;
    if (Plain.result<f32>(result) || value == 0) {
      if (<f64>result == value || FloatLanes.noteInexact(cpu)) {
        store<f32>(op.destination, result);
        return After.Next;
      }
    }
  }
  sseUnit.beginSse(cpu.mxcsr);
  const result = doubleToSingle(sseUnit, load<u64>(source));
  if (!finishExactly(cpu, sseUnit.flags)) return After.Fault;
  store<u32>(op.destination, result);
  return After.Next;
}

// Integers of 32 bits are exact as doubles.

function integersToDoubles(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u64>(cpu, op);
  if (source == 0) return After.Fault;
  return Sse.put(op, f64x2.convert_low_i32x4_s(v128.load64_zero(source)));
}

function integersToSingles(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  if (FloatLanes.mayRound(cpu)) {
    const value = v128.load(source);
    // Integers of 25 bits, with their sign, are exact.
    const isShort = i32x4.eq(i32x4.shr_s(i32x4.shl(value, 7), 7), value);
    if (FloatLanes.isInexact(cpu) || i32x4.all_true(isShort)) {
      return Sse.put(op, f32x4.convert_i32x4_s(value));
    }
  }
  return convertToSingles(cpu, op, source, 16) ? After.Next : After.Fault;
}

/** Replaces as many bytes of the destination. @returns false: a fault is pending */
function convertToSingles(cpu: Processor, op: Operation, source: usize, bytes: usize): bool {
  const unit = sseUnit;
  unit.beginSse(cpu.mxcsr);
  for (let at: usize = 0; at < bytes; at += 4) {
    store<u32>(singles + at, fromIntegerBinary<u32>(unit, load<i32>(source + at)));
  }
  if (!finishExactly(cpu, unit.flags)) return false;
  memory.copy(op.destination, singles, bytes);
  return true;
}

const singles = memory.data(16, 16);

/**
 * A source in memory is no use of MMX: the manual says so of CVTPI2PD, and AMD's processors do so
 * with CVTPI2PS, too. @returns 0: a fault is pending
 */
function mmxSource(cpu: Processor, op: Operation): usize {
  if (!Sse.isReady(cpu)) return 0;
  if (op.source == 0) return cpu.source<u64>(op);
  if (!Mmx.isReady(cpu)) return 0;
  Mmx.enter(cpu);
  return op.source;
}

function mmxToSingles(cpu: Processor, op: Operation): i32 {
  const source = mmxSource(cpu, op);
  if (source == 0) return After.Fault;
  return convertToSingles(cpu, op, source, 8) ? After.Next : After.Fault;
}

function mmxToDoubles(cpu: Processor, op: Operation): i32 {
  const source = mmxSource(cpu, op);
  if (source == 0) return After.Fault;
  return Sse.put(op, f64x2.convert_low_i32x4_s(v128.load64_zero(source)));
}

function integerToDouble<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<T>(cpu, op);
  if (source == 0) return After.Fault;
  const value = load<T>(source);
  if (sizeof<T>() == 4 || <i64>value == ((<i64>value) << 11) >> 11) {
    store<f64>(op.destination, <f64>value);
    return After.Next;
  }
  sseUnit.beginSse(cpu.mxcsr);
  const result = fromIntegerBinary<u64>(sseUnit, value);
  if (!finishExactly(cpu, sseUnit.flags)) return After.Fault;
  store<u64>(op.destination, result);
  return After.Next;
}

function integerToSingle<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<T>(cpu, op);
  if (source == 0) return After.Fault;
  const value = <i64>load<T>(source);
  if (value == (value << 40) >> 40) {
    store<f32>(op.destination, <f32>value);
    return After.Next;
  }
  sseUnit.beginSse(cpu.mxcsr);
  const result = fromIntegerBinary<u32>(sseUnit, value);
  if (!finishExactly(cpu, sseUnit.flags)) return After.Fault;
  store<u32>(op.destination, result);
  return After.Next;
}
