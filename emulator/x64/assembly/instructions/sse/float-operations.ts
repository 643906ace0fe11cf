import {
  addBinary,
  divideBinary,
  multiplyBinary,
  squareRootBinary,
  subtractBinary,
} from "../../float/binary";
import { FloatUnit } from "../../float/float-unit";

// The operations of `float-lanes.ts`. Of each:
// - `vectors` and `scalars`: by WebAssembly's arithmetic;
// - `zeros` and `isZero`: whether a result of 0 is exact, of operands that are not denormal;
// - `isExact`: whether a result is known to be exact; false says nothing;
// - `bits`: in software.

export class Add {
  @inline vectors<F>(a: v128, b: v128): v128 {
    return v128.add<F>(a, b);
  }

  @inline scalars<F>(a: F, b: F): F {
    return <F>(a + b);
  }

  @inline zeros<_F>(a: v128, b: v128): v128 {
    return i64x2.splat(-1);
  }

  @inline isZero<F>(a: F, b: F): bool {
    return true;
  }

  @inline isExact<F>(a: F, b: F, result: F, lane: u32): bool {
    return Exact.sum<F>(a, b, result);
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return addBinary<B>(unit, a, b);
  }
}

export class Subtract {
  @inline vectors<F>(a: v128, b: v128): v128 {
    return v128.sub<F>(a, b);
  }

  @inline scalars<F>(a: F, b: F): F {
    return <F>(a - b);
  }

  @inline zeros<_F>(a: v128, b: v128): v128 {
    return i64x2.splat(-1);
  }

  @inline isZero<F>(a: F, b: F): bool {
    return true;
  }

  @inline isExact<F>(a: F, b: F, result: F, lane: u32): bool {
    return Exact.sum<F>(a, <F>-b, result);
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return subtractBinary<B>(unit, a, b);
  }
}

/** Even lanes are subtracted, odd ones added (ADDSUBPS, ADDSUBPD). */
export class SubtractAndAdd {
  @inline vectors<F>(a: v128, b: v128): v128 {
    const signs = sizeof<F>() == 4 ? i64x2.splat(0x80000000) : i64x2(i64.MIN_VALUE, 0);
    return v128.add<F>(a, v128.xor(b, signs));
  }

  @inline zeros<_F>(a: v128, b: v128): v128 {
    return i64x2.splat(-1);
  }

  @inline isExact<F>(a: F, b: F, result: F, lane: u32): bool {
    return Exact.sum<F>(a, (lane & 1) != 0 ? b : <F>-b, result);
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return (lane & 1) != 0 ? addBinary<B>(unit, a, b) : subtractBinary<B>(unit, a, b);
  }
}

export class Multiply {
  @inline vectors<F>(a: v128, b: v128): v128 {
    return v128.mul<F>(a, b);
  }

  @inline scalars<F>(a: F, b: F): F {
    return <F>(a * b);
  }

  @inline zeros<F>(a: v128, b: v128): v128 {
    const zero = i64x2.splat(0);
    return v128.or(v128.eq<F>(a, zero), v128.eq<F>(b, zero));
  }

  @inline isZero<F>(a: F, b: F): bool {
    return a == 0 || b == 0;
  }

  @inline isExact<F>(a: F, b: F, result: F, lane: u32): bool {
    return Exact.areShort<F>(a, b);
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return multiplyBinary<B>(unit, a, b);
  }
}

export class Divide {
  @inline vectors<F>(a: v128, b: v128): v128 {
    return v128.div<F>(a, b);
  }

  @inline scalars<F>(a: F, b: F): F {
    return <F>(a / b);
  }

  @inline zeros<F>(a: v128, b: v128): v128 {
    return v128.eq<F>(a, i64x2.splat(0));
  }

  @inline isZero<F>(a: F, b: F): bool {
    return a == 0;
  }

  @inline isExact<F>(a: F, b: F, result: F, lane: u32): bool {
    return Exact.areShort<F>(b, result) && <F>(result * b) == a;
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return divideBinary<B>(unit, a, b);
  }
}

/** Of b alone: whoever uses it gives b as a, too. */
export class SquareRoot {
  @inline vectors<F>(a: v128, b: v128): v128 {
    return v128.sqrt<F>(b);
  }

  @inline zeros<_F>(a: v128, b: v128): v128 {
    return i64x2.splat(-1);
  }

  @inline scalars<F>(a: F, b: F): F {
    return sizeof<F>() == 4 ? <F>sqrt<f32>(<f32>b) : <F>sqrt<f64>(<f64>b);
  }

  @inline isZero<F>(a: F, b: F): bool {
    return true;
  }

  @inline isExact<F>(a: F, b: F, result: F, lane: u32): bool {
    return Exact.areShort<F>(result, result) && <F>(result * result) == b;
  }

  @inline bits<B>(unit: FloatUnit, a: B, b: B, lane: u32): B {
    return squareRootBinary<B>(unit, b);
  }
}

class Exact {
  /** The error of a sum is a number itself, and this is it (Knuth, TAOCP vol. 2, 4.2.2, theorem B). */
  @inline static sum<F>(a: F, b: F, result: F): bool {
    const ofB = <F>(result - a);
    const ofA = <F>(result - ofB);
    return <F>(<F>(a - ofA) + <F>(b - ofB)) == 0;
  }

  /** Whether significands have half the bits that there are, so that a product has room. */
  @inline static areShort<F>(a: F, b: F): bool {
    if (sizeof<F>() == 4) {
      return ((reinterpret<u32>(<f32>a) | reinterpret<u32>(<f32>b)) & 0xfff) == 0;
    }
    return ((reinterpret<u64>(<f64>a) | reinterpret<u64>(<f64>b)) & 0x7ffffff) == 0;
  }
}
