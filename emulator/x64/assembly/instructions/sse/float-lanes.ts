import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { computeExactly } from "./exact-lanes";
import { Sse } from "./operands";

/** Bits of MXCSR (SDM vol. 1, 10.2.3). */
const PRECISION_FLAG: u32 = 1 << 5;
const PRECISION_MASK: u32 = 1 << 12;
const ROUNDING_PLACE: u32 = 13;
const ROUNDING: u32 = 3 << ROUNDING_PLACE;

/** Operands and result, where each lane is looked at. */
const lanes = memory.data(48, 16);

/**
 * Arithmetic by WebAssembly's own: it has no exceptions and always rounds to the nearest. It is
 * right where nothing but an inexact result can happen, and where that leaves no trace: it is
 * masked, and its flag is set already, or the result is known to be exact. All else is
 * computed in software (`float/`).
 *
 * T is a class of `float-operations.ts`, F the type of the numbers, f32 or f64, and B that of
 * their bits.
 */
export class FloatLanes {
  /** MXCSR's rounding control, by the numbers of `float/float-unit.ts`. */
  @inline static rounding(cpu: Processor): u32 {
    return (cpu.mxcsr & ROUNDING) >> ROUNDING_PLACE;
  }

  /** Whether results that WebAssembly rounds are rounded right, and do not trap. */
  @inline static mayRound(cpu: Processor): bool {
    return (cpu.mxcsr & (ROUNDING | PRECISION_MASK)) == PRECISION_MASK;
  }

  /** Whether an inexact result leaves no trace, given that {@link mayRound}. */
  @inline static isInexact(cpu: Processor): bool {
    return (cpu.mxcsr & PRECISION_FLAG) != 0;
  }

  /** Notes an inexact result. @returns false: it traps */
  @inline static noteInexact(cpu: Processor): bool {
    cpu.mxcsr |= PRECISION_FLAG;
    return (cpu.mxcsr & PRECISION_MASK) != 0;
  }

  /** The instruction on all lanes of a vector. */
  @inline static packed<T, F, B>(cpu: Processor, op: Operation): i32 {
    const source = Sse.source(cpu, op);
    if (source == 0) return After.Fault;
    return FloatLanes.compute<T, F, B>(cpu, op, Sse.destination(op), v128.load(source));
  }

  /** Puts what becomes of two vectors. */
  @inline static compute<T, F, B>(cpu: Processor, op: Operation, a: v128, b: v128): i32 {
    if (FloatLanes.mayRound(cpu)) {
      const result = changetype<T>(0).vectors<F>(a, b);
      const isPlain = v128.and(
        v128.and(Plain.operands<F>(a), Plain.operands<F>(b)),
        v128.or(
          Plain.results<F>(result),
          v128.and(v128.eq<F>(result, i64x2.splat(0)), changetype<T>(0).zeros<F>(a, b)),
        ),
      );
      if (i8x16.all_true(isPlain)) {
        if (FloatLanes.isInexact(cpu) || areExact<T, F>(a, b, result)) return Sse.put(op, result);
      }
    }
    v128.store(lanes, a);
    v128.store(lanes, b, 16);
    return computeExactly<T, B>(cpu, op, lanes, lanes + 16, 16);
  }

  /** The instruction on the lowest lane. */
  @inline static scalar<T, F, B>(cpu: Processor, op: Operation): i32 {
    const source = Sse.scalar<F>(cpu, op);
    if (source == 0) return After.Fault;
    return FloatLanes.computeScalar<T, F, B>(cpu, op, load<F>(op.destination), load<F>(source));
  }

  /** Puts what becomes of two numbers into the lowest lane. */
  @inline static computeScalar<T, F, B>(cpu: Processor, op: Operation, a: F, b: F): i32 {
    if (FloatLanes.mayRound(cpu)) {
      const result = changetype<T>(0).scalars<F>(a, b);
      const isPlain =
        Plain.operand<F>(a) &&
        Plain.operand<F>(b) &&
        (Plain.result<F>(result) || (result == 0 && changetype<T>(0).isZero<F>(a, b)));
      if (isPlain) {
        if (FloatLanes.isInexact(cpu) || changetype<T>(0).isExact<F>(a, b, result, 0)) {
          store<F>(op.destination, result);
          return After.Next;
        }
      }
    }
    store<F>(lanes, a);
    store<F>(lanes, b, 16);
    return computeExactly<T, B>(cpu, op, lanes, lanes + 16, sizeof<F>());
  }
}

function areExact<T, F>(a: v128, b: v128, result: v128): bool {
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
  v128.store(lanes, result, 32);
  for (let at: usize = 0; at < 16; at += sizeof<F>()) {
    const lane = <u32>(at / sizeof<F>());
    const x = load<F>(lanes + at);
    const y = load<F>(lanes + at, 16);
    if (!changetype<T>(0).isExact<F>(x, y, load<F>(lanes + at, 32), lane)) return false;
  }
  return true;
}

/** Numbers with which nothing special happens. */
export class Plain {
  /** Neither denormal nor NaN: lanes of ones. */
  @inline static operands<F>(a: v128): v128 {
    const smallest = v128.splat<F>(Plain.smallest<F>());
    return v128.or(v128.ge<F>(v128.abs<F>(a), smallest), v128.eq<F>(a, i64x2.splat(0)));
  }

  /** Finite, and larger than what may be the rounding of something tiny. */
  @inline static results<F>(result: v128): v128 {
    const magnitude = v128.abs<F>(result);
    const isNormal = v128.gt<F>(magnitude, v128.splat<F>(Plain.smallest<F>()));
    return v128.and(isNormal, v128.lt<F>(magnitude, v128.splat<F>(<F>Infinity)));
  }

  /** The smallest normal number. */
  @inline static smallest<F>(): F {
    return sizeof<F>() == 4 ? <F>f32.MIN_NORMAL_VALUE : <F>f64.MIN_NORMAL_VALUE;
  }

  // Without the sign bit, all is one comparison of integers; subtracting makes 0 the largest.

  /** Neither denormal nor NaN. */
  @inline static areOrdered<F>(a: F, b: F): bool {
    return Plain.operand<F>(a) && Plain.operand<F>(b) && (a <= b || a > b);
  }

  /** Not denormal; it may be a NaN, of which {@link result} knows. */
  @inline static operand<F>(a: F): bool {
    if (sizeof<F>() == 4) return (reinterpret<u32>(<f32>a) << 1) - 1 >= 0x00ffffff;
    return (reinterpret<u64>(<f64>a) << 1) - 1 >= 0x001fffffffffffff;
  }

  @inline static result<F>(result: F): bool {
    if (sizeof<F>() == 4) {
      return (reinterpret<u32>(<f32>result) << 1) - 0x01000001 < 0xff000000 - 0x01000001;
    }
    return (
      (reinterpret<u64>(<f64>result) << 1) - 0x0020000000000001 <
      0xffe0000000000000 - 0x0020000000000001
    );
  }
}
