// RCPPS, RCPSS, RSQRTPS, RSQRTSS: approximations, of which the manual bounds the relative error by
// 1.5 * 2^-12. Makers differ within it; here they are as exact as a single can be. No exception is
// noted, and MXCSR does not matter: denormals are always zeros.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Sse } from "./operands";

export function reciprocalRows(): void {
  approximationRows<Reciprocal>(0x53); // RCPPS, RCPSS
  approximationRows<ReciprocalRoot>(0x52); // RSQRTPS, RSQRTSS
}

function approximationRows<T>(byte: i32): void {
  opcode(OpcodeMap.TwoByte, byte, Column.None)
    .of(Operand.V, Operand.W)
    .does((c, o) => packed<T>(c, o));
  opcode(OpcodeMap.TwoByte, byte, Column.XF3)
    .of(Operand.V, Operand.W)
    .does((c, o) => scalar<T>(c, o));
}

function packed<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  for (let at: usize = 0; at < 16; at += 4) {
    store<u32>(op.destination + at, changetype<T>(0).apply(load<u32>(source + at)));
  }
  return After.Next;
}

function scalar<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u32>(cpu, op);
  if (source == 0) return After.Fault;
  store<u32>(op.destination, changetype<T>(0).apply(load<u32>(source)));
  return After.Next;
}

const SIGN: u32 = 0x80000000;
const INFINITY: u32 = 0x7f800000;
const SMALLEST_NORMAL: u32 = 0x00800000;
const QUIET: u32 = 0x00400000;
/** The default NaN. */
const INDEFINITE: u32 = 0xffc00000;

class Single {
  @inline static isNaN(bits: u32): bool {
    return (bits & ~SIGN) > INFINITY;
  }

  /** Zero in the place of a denormal. */
  @inline static flushed(bits: u32): u32 {
    return (bits & INFINITY) == 0 ? bits & SIGN : bits;
  }
}

class Reciprocal {
  apply(bits: u32): u32 {
    if (Single.isNaN(bits)) return bits | QUIET;
    const result = reinterpret<u32>(<f32>1 / reinterpret<f32>(Single.flushed(bits)));
    // The reciprocal of 2^126 is still a normal number, but processors give 0.
    return (result & ~SIGN) <= SMALLEST_NORMAL ? result & SIGN : result;
  }
}

class ReciprocalRoot {
  apply(bits: u32): u32 {
    if (Single.isNaN(bits)) return bits | QUIET;
    const value = Single.flushed(bits);
    if ((value & SIGN) != 0 && value != SIGN) return INDEFINITE;
    // In double precision, so that it is rounded once; of -0 it is minus infinity.
    const root = sqrt<f64>(<f64>reinterpret<f32>(value));
    return reinterpret<u32>(<f32>(1.0 / root));
  }
}
