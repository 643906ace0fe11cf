// CMPPS, CMPPD, CMPSS, CMPSD, COMISS, COMISD, UCOMISS, UCOMISD.
import { Column, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { Flags } from "../../flags/lazy-flags";
import { compareBinary } from "../../float/binary";
import { EQUAL, LESS, UNORDERED } from "../../float/compare";
import { FloatUnit, sseUnit } from "../../float/float-unit";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";
import { computeExactly, finishExactly } from "./exact-lanes";
import { Plain } from "./float-lanes";
import { Sse } from "./operands";

export function floatCompareRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0xc2, Column.None)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => packed<f32, u32>(c, o)); // CMPPS
  opcode(two, 0xc2, Column.X66)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => packed<f64, u64>(c, o)); // CMPPD
  opcode(two, 0xc2, Column.XF3)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => scalar<f32, u32>(c, o)); // CMPSS
  opcode(two, 0xc2, Column.XF2)
    .of(Operand.V, Operand.W, Immediate.U8)
    .does((c, o) => scalar<f64, u64>(c, o)); // CMPSD
  opcode(two, 0x2e, Column.None)
    .of(Operand.V, Operand.W)
    .does((c, o) => setFlags<f32, u32>(c, o, false)); // UCOMISS
  opcode(two, 0x2e, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => setFlags<f64, u64>(c, o, false)); // UCOMISD
  opcode(two, 0x2f, Column.None)
    .of(Operand.V, Operand.W)
    .does((c, o) => setFlags<f32, u32>(c, o, true)); // COMISS
  opcode(two, 0x2f, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => setFlags<f64, u64>(c, o, true)); // COMISD
}

/** What the immediate asks (SDM vol. 2A, table 3-1); with bit 2 for the opposite. */
enum Predicate {
  Equal = 0,
  Less = 1,
  LessOrEqual = 2,
  Unordered = 3,
  Opposite = 4,
}

function packed<F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const a = Sse.destination(op);
  const b = v128.load(source);
  if (i8x16.all_true(v128.and(Plain.operands<F>(a), Plain.operands<F>(b)))) {
    return Sse.put(op, compareLanes<F>(a, b, <u32>op.immediate & 7));
  }
  return comparePredicate<B>(cpu, op, source, 16);
}

function scalar<F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<F>(cpu, op);
  if (source == 0) return After.Fault;
  const a = load<F>(op.destination);
  const b = load<F>(source);
  if (Plain.areOrdered<F>(a, b)) {
    store<B>(op.destination, -(<B>holds<F>(a, b, <u32>op.immediate & 7)));
    return After.Next;
  }
  return comparePredicate<B>(cpu, op, source, sizeof<F>());
}

/** Of numbers that are ordered. */
function holds<F>(a: F, b: F, predicate: u32): bool {
  switch (predicate & 3) {
    case Predicate.Equal:
      return (a == b) != ((predicate & Predicate.Opposite) != 0);
    case Predicate.Less:
      return a < b != ((predicate & Predicate.Opposite) != 0);
    case Predicate.LessOrEqual:
      return a <= b != ((predicate & Predicate.Opposite) != 0);
    default:
      return (predicate & Predicate.Opposite) != 0;
  }
}

/** Of numbers that are ordered, as plain ones are. */
function compareLanes<F>(a: v128, b: v128, predicate: u32): v128 {
  switch (predicate) {
    case Predicate.Equal:
      return v128.eq<F>(a, b);
    case Predicate.Less:
      return v128.lt<F>(a, b);
    case Predicate.LessOrEqual:
      return v128.le<F>(a, b);
    case Predicate.Unordered:
      return i64x2.splat(0);
    case Predicate.Opposite:
      return v128.ne<F>(a, b);
    case Predicate.Opposite | Predicate.Less:
      return v128.ge<F>(a, b);
    case Predicate.Opposite | Predicate.LessOrEqual:
      return v128.gt<F>(a, b);
    default:
      return i64x2.splat(-1);
  }
}

function comparePredicate<B>(cpu: Processor, op: Operation, source: usize, bytes: usize): i32 {
  const a = op.destination;
  switch (<u32>op.immediate & 3) {
    case Predicate.Equal:
      return computeOrOpposite<IsEqual, B>(cpu, op, a, source, bytes);
    case Predicate.Less:
      return computeOrOpposite<IsLess, B>(cpu, op, a, source, bytes);
    case Predicate.LessOrEqual:
      return computeOrOpposite<IsLessOrEqual, B>(cpu, op, a, source, bytes);
    default:
      return computeOrOpposite<IsUnordered, B>(cpu, op, a, source, bytes);
  }
}

function computeOrOpposite<T, B>(
  cpu: Processor,
  op: Operation,
  a: usize,
  b: usize,
  bytes: usize,
): i32 {
  if ((<u32>op.immediate & Predicate.Opposite) == 0) {
    return computeExactly<T, B>(cpu, op, a, b, bytes);
  }
  return computeExactly<Opposite<T>, B>(cpu, op, a, b, bytes);
}

class Opposite<T> {
  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return ~changetype<T>(0).bits<B>(unit, a, b, lane);
  }
}

class IsEqual {
  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return -(<B>(compareBinary<B>(unit, a, b, false) == EQUAL));
  }
}

class IsLess {
  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return -(<B>(compareBinary<B>(unit, a, b, true) == LESS));
  }
}

class IsLessOrEqual {
  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    const relation = compareBinary<B>(unit, a, b, true);
    return -(<B>(relation == LESS || relation == EQUAL));
  }
}

class IsUnordered {
  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return -(<B>(compareBinary<B>(unit, a, b, false) == UNORDERED));
  }
}

/** @param signals a quiet NaN is invalid, too: COMISS, COMISD */
function setFlags<F, B>(cpu: Processor, op: Operation, signals: bool): i32 {
  const source = Sse.scalar<F>(cpu, op);
  if (source == 0) return After.Fault;
  const a = load<F>(op.destination);
  const b = load<F>(source);
  if (Plain.areOrdered<F>(a, b)) {
    Flags.set(cpu, (a == b ? Flag.Zero : 0) | (a < b ? Flag.Carry : 0));
    return After.Next;
  }
  sseUnit.beginSse(cpu.mxcsr);
  const relation = compareBinary<B>(sseUnit, load<B>(op.destination), load<B>(source), signals);
  if (!finishExactly(cpu, sseUnit.flags)) return After.Fault;
  let flags: u32 = relation == EQUAL ? Flag.Zero : relation == LESS ? Flag.Carry : 0;
  if (relation == UNORDERED) flags = Flag.Zero | Flag.Parity | Flag.Carry;
  Flags.set(cpu, flags);
  return After.Next;
}
