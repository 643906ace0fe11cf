import { Processor } from "../state/processor";
import { ARITHMETIC, Flag } from "../state/rflags";

/**
 * What the arithmetic flags come of. An instruction leaves its operands and its result, all
 * sign-extended to 64 bits, whatever their width is: then the carry, the overflow and the sign are
 * in bit 63, and the flags cost only those who ask for them.
 */
export enum Lazy {
  /** They are in `Processor.flags`. */
  Explicit = 0,
  /** result = a + b, or a + b + carry. */
  Add = 1,
  /** result = a - b. */
  Subtract = 2,
  /** result = a - b - carry. */
  Borrow = 3,
  /** CF, OF and AF are clear. */
  Logic = 4,
  /** As Add and Subtract, but CF is in `Processor.flags`. */
  Increment = 5,
  Decrement = 6,
  /** CF, OF and AF are in `Processor.flags`, the rest comes of the result. */
  Result = 7,
}

/** Takes values of any width to 64 bits. */
export class Wide {
  @inline static signed<T>(value: T): i64 {
    if (sizeof<T>() == 1) return <i64>(<i8>value);
    if (sizeof<T>() == 2) return <i64>(<i16>value);
    if (sizeof<T>() == 4) return <i64>(<i32>value);
    return <i64>value;
  }
}

/** How handlers leave and ask for flags. */
export class Flags {
  @inline static add<T>(cpu: Processor, a: T, b: T, result: T): void {
    Flags.leave(cpu, Lazy.Add, Wide.signed<T>(a), Wide.signed<T>(b), Wide.signed<T>(result));
  }

  @inline static subtract<T>(cpu: Processor, a: T, b: T, result: T): void {
    Flags.leave(cpu, Lazy.Subtract, Wide.signed<T>(a), Wide.signed<T>(b), Wide.signed<T>(result));
  }

  @inline static borrow<T>(cpu: Processor, a: T, b: T, result: T): void {
    Flags.leave(cpu, Lazy.Borrow, Wide.signed<T>(a), Wide.signed<T>(b), Wide.signed<T>(result));
  }

  @inline static logic<T>(cpu: Processor, result: T): void {
    cpu.lazyKind = Lazy.Logic;
    cpu.lazyResult = Wide.signed<T>(result);
  }

  /**
   * SF, ZF and PF come of the result, the others are given.
   * @param flags those of CF, OF and AF that are set
   */
  @inline static result<T>(cpu: Processor, result: T, flags: u32): void {
    cpu.lazyKind = Lazy.Result;
    cpu.lazyResult = Wide.signed<T>(result);
    cpu.flags = (cpu.flags & ~(<u64>ARITHMETIC)) | flags;
  }

  /** All of the arithmetic flags are given. */
  @inline static set(cpu: Processor, flags: u32): void {
    cpu.lazyKind = Lazy.Explicit;
    cpu.flags = (cpu.flags & ~(<u64>ARITHMETIC)) | flags;
  }

  @inline static leave(cpu: Processor, kind: Lazy, a: i64, b: i64, result: i64): void {
    cpu.lazyKind = kind;
    cpu.lazyA = a;
    cpu.lazyB = b;
    cpu.lazyResult = result;
  }
}

export function carry(cpu: Processor): bool {
  const a = cpu.lazyA;
  const b = cpu.lazyB;
  const result = cpu.lazyResult;
  switch (cpu.lazyKind) {
    case Lazy.Add:
      return ((a & b) | ((a | b) & ~result)) < 0;
    case Lazy.Subtract:
    case Lazy.Borrow:
      return ((~a & b) | ((~a | b) & result)) < 0;
    case Lazy.Logic:
      return false;
    default:
      return (cpu.flags & Flag.Carry) != 0;
  }
}

export function overflow(cpu: Processor): bool {
  const a = cpu.lazyA;
  const b = cpu.lazyB;
  const result = cpu.lazyResult;
  switch (cpu.lazyKind) {
    case Lazy.Add:
    case Lazy.Increment:
      return ((result ^ a) & (result ^ b)) < 0;
    case Lazy.Subtract:
    case Lazy.Borrow:
    case Lazy.Decrement:
      return ((a ^ b) & (a ^ result)) < 0;
    case Lazy.Logic:
      return false;
    default:
      return (cpu.flags & Flag.Overflow) != 0;
  }
}

export function zero(cpu: Processor): bool {
  if (cpu.lazyKind == Lazy.Explicit) return (cpu.flags & Flag.Zero) != 0;
  return cpu.lazyResult == 0;
}

export function sign(cpu: Processor): bool {
  if (cpu.lazyKind == Lazy.Explicit) return (cpu.flags & Flag.Sign) != 0;
  return cpu.lazyResult < 0;
}

/** Of the result's low byte: set if its number of ones is even. */
export function parity(cpu: Processor): bool {
  if (cpu.lazyKind == Lazy.Explicit) return (cpu.flags & Flag.Parity) != 0;
  return (popcnt<u32>(<u32>cpu.lazyResult & 0xff) & 1) == 0;
}

export function adjust(cpu: Processor): bool {
  switch (cpu.lazyKind) {
    case Lazy.Add:
    case Lazy.Subtract:
    case Lazy.Borrow:
    case Lazy.Increment:
    case Lazy.Decrement:
      return ((cpu.lazyA ^ cpu.lazyB ^ cpu.lazyResult) & 0x10) != 0;
    case Lazy.Logic:
      return false;
    default:
      return (cpu.flags & Flag.Adjust) != 0;
  }
}

/** @returns RFLAGS, with the arithmetic flags as they are now */
export function readFlags(cpu: Processor): u64 {
  if (cpu.lazyKind != Lazy.Explicit) {
    let flags: u32 = 0;
    if (carry(cpu)) flags |= Flag.Carry;
    if (parity(cpu)) flags |= Flag.Parity;
    if (adjust(cpu)) flags |= Flag.Adjust;
    if (zero(cpu)) flags |= Flag.Zero;
    if (sign(cpu)) flags |= Flag.Sign;
    if (overflow(cpu)) flags |= Flag.Overflow;
    Flags.set(cpu, flags);
  }
  return cpu.flags;
}
