// MIN and MAX of PS, PD, SS, SD.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { maximumBinary, minimumBinary } from "../../float/binary";
import { FloatUnit } from "../../float/float-unit";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { computeExactly } from "./exact-lanes";
import { Plain } from "./float-lanes";
import { Sse } from "./operands";

export function floatMinMaxRows(): void {
  minMaxRows<Minimum>(0x5d); // MINPS, MINPD, MINSS, MINSD
  minMaxRows<Maximum>(0x5f); // MAXPS, MAXPD, MAXSS, MAXSD
}

function minMaxRows<T>(byte: i32): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, byte, Column.None)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<T, f32, u32>(c, o));
  opcode(two, byte, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<T, f64, u64>(c, o));
  opcode(two, byte, Column.XF3)
    .of(Operand.V, Operand.W)
    .does((c, o) => scalar<T, f32, u32>(c, o));
  opcode(two, byte, Column.XF2)
    .of(Operand.V, Operand.W)
    .does((c, o) => scalar<T, f64, u64>(c, o));
}

// Of equal operands, and where one is a NaN, the second is the result: as of WebAssembly's `pmin`
// and `pmax`, whose operands are in the other order.

class Minimum {
  @inline vectors<F>(a: v128, b: v128): v128 {
    return sizeof<F>() == 4 ? f32x4.pmin(b, a) : f64x2.pmin(b, a);
  }

  @inline scalars<F>(a: F, b: F): F {
    return a < b ? a : b;
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return minimumBinary<B>(unit, a, b);
  }
}

class Maximum {
  @inline vectors<F>(a: v128, b: v128): v128 {
    return sizeof<F>() == 4 ? f32x4.pmax(b, a) : f64x2.pmax(b, a);
  }

  @inline scalars<F>(a: F, b: F): F {
    return a > b ? a : b;
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return maximumBinary<B>(unit, a, b);
  }
}

function packed<T, F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const a = Sse.destination(op);
  const b = v128.load(source);
  if (i8x16.all_true(v128.and(Plain.operands<F>(a), Plain.operands<F>(b)))) {
    return Sse.put(op, changetype<T>(0).vectors<F>(a, b));
  }
  return computeExactly<T, B>(cpu, op, op.destination, source, 16);
}

function scalar<T, F, B>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<F>(cpu, op);
  if (source == 0) return After.Fault;
  const a = load<F>(op.destination);
  const b = load<F>(source);
  if (Plain.areOrdered<F>(a, b)) {
    store<F>(op.destination, changetype<T>(0).scalars<F>(a, b));
    return After.Next;
  }
  return computeExactly<T, B>(cpu, op, op.destination, source, sizeof<F>());
}
