// DIV, IDIV. All flags are undefined: they stay as they are.
import { allWidthRows } from "../decode/all-width-rows";
import { Immediate, OpcodeMap, Operand } from "../decode/opcode-map";
import { Wide } from "../flags/lazy-flags";
import { divideWide } from "../float/wide";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";

export function divideRows(): void {
  allWidthRows(
    OpcodeMap.OneByte,
    0xf6,
    6,
    Operand.None,
    Operand.E,
    Immediate.None,
    0,
    (c, o) => divideUnsigned<u8>(c, o),
    (c, o) => divideUnsigned<u16>(c, o),
    (c, o) => divideUnsigned<u32>(c, o),
    (c, o) => divideUnsigned64(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xf6,
    7,
    Operand.None,
    Operand.E,
    Immediate.None,
    0,
    (c, o) => divideSigned<u8>(c, o),
    (c, o) => divideSigned<u16>(c, o),
    (c, o) => divideSigned<u32>(c, o),
    (c, o) => divideSigned64(c, o),
  );
}

/** What is divided, and where quotient and remainder go. */
class Dividend {
  /** AX, DX:AX or EDX:EAX. */
  @inline static of<T>(cpu: Processor): u64 {
    if (sizeof<T>() == 1) return cpu.rax & 0xffff;
    const bits = <u64>sizeof<T>() * 8;
    return ((<u64>(<T>cpu.rdx)) << bits) | <u64>(<T>cpu.rax);
  }

  /** The same, with its sign. */
  @inline static signed<T>(cpu: Processor): i64 {
    const unused = 64 - <i64>sizeof<T>() * 16;
    return ((<i64>Dividend.of<T>(cpu)) << unused) >> unused;
  }

  @inline static leave<T>(cpu: Processor, quotient: T, remainder: T): i32 {
    const rax = cpu.register(GeneralRegister.Rax);
    if (sizeof<T>() == 1) {
      store<u8>(rax, <u8>quotient);
      store<u8>(rax + 1, <u8>remainder);
    } else {
      cpu.setRegister<T>(rax, quotient);
      cpu.setRegister<T>(cpu.register(GeneralRegister.Rdx), remainder);
    }
    return After.Next;
  }
}

function divideUnsigned<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const divisor = <u64>load<T>(source);
  if (divisor == 0) return cpu.raise(Vector.DivideError);
  const dividend = Dividend.of<T>(cpu);
  const quotient = dividend / divisor;
  if (quotient != <u64>(<T>quotient)) return cpu.raise(Vector.DivideError);
  return Dividend.leave<T>(cpu, <T>quotient, <T>(dividend % divisor));
}

function divideSigned<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const divisor = Wide.signed<T>(load<T>(source));
  const dividend = Dividend.signed<T>(cpu);
  // The one quotient of 64 bits that does not fit, where WebAssembly would trap.
  const isTooLarge = dividend == i64.MIN_VALUE && divisor == -1;
  if (divisor == 0 || isTooLarge) return cpu.raise(Vector.DivideError);
  const quotient = dividend / divisor;
  if (quotient != Wide.signed<T>(<T>quotient)) return cpu.raise(Vector.DivideError);
  return Dividend.leave<T>(cpu, <T>quotient, <T>(dividend % divisor));
}

function divideUnsigned64(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<u64>(op);
  if (source == 0) return After.Fault;
  const divisor = load<u64>(source);
  const high = cpu.rdx;
  const low = cpu.rax;
  // Then the quotient has more than 64 bits; a divisor of 0 is a case of it.
  if (high >= divisor) return cpu.raise(Vector.DivideError);
  const quotient = divide128(high, low, divisor);
  return Dividend.leave<u64>(cpu, quotient, low - quotient * divisor);
}

function divideSigned64(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<u64>(op);
  if (source == 0) return After.Fault;
  const divisor = load<i64>(source);
  const isNegative = <i64>cpu.rdx < 0;
  let high = cpu.rdx;
  let low = cpu.rax;
  if (isNegative) {
    high = ~high + <u64>(low == 0);
    low = 0 - low;
  }
  const size = <u64>(divisor < 0 ? 0 - divisor : divisor);
  if (high >= size) return cpu.raise(Vector.DivideError);
  const quotient = divide128(high, low, size);
  const remainder = low - quotient * size;
  const isQuotientNegative = isNegative != divisor < 0;
  const largest = isQuotientNegative ? <u64>i64.MIN_VALUE : <u64>i64.MAX_VALUE;
  if (quotient > largest) return cpu.raise(Vector.DivideError);
  return Dividend.leave<u64>(
    cpu,
    isQuotientNegative ? 0 - quotient : quotient,
    isNegative ? 0 - remainder : remainder,
  );
}

/** (high:low) / divisor, where high is less than it. */
function divide128(high: u64, low: u64, divisor: u64): u64 {
  if (high == 0) return low / divisor;
  const shift = clz(divisor);
  if (shift == 0) return divideWide(high, low, divisor);
  return divideWide((high << shift) | (low >> (64 - shift)), low << shift, divisor << shift);
}
