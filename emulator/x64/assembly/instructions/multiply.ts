// MUL, IMUL.
import { allWidthRows } from "../decode/all-width-rows";
import { Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { Flags, Wide } from "../flags/lazy-flags";
import { multiplyHigh } from "../float/wide";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

export function multiplyRows(): void {
  const one = OpcodeMap.OneByte;
  allWidthRows(
    one,
    0xf6,
    4,
    Operand.None,
    Operand.E,
    Immediate.None,
    0,
    (c, o) => multiplyUnsigned<u8>(c, o),
    (c, o) => multiplyUnsigned<u16>(c, o),
    (c, o) => multiplyUnsigned<u32>(c, o),
    (c, o) => multiplyUnsigned<u64>(c, o),
  );
  allWidthRows(
    one,
    0xf6,
    5,
    Operand.None,
    Operand.E,
    Immediate.None,
    0,
    (c, o) => multiplySigned<u8>(c, o),
    (c, o) => multiplySigned<u16>(c, o),
    (c, o) => multiplySigned<u32>(c, o),
    (c, o) => multiplySigned<u64>(c, o),
  );
  opcode(OpcodeMap.TwoByte, 0xaf)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => multiplyRegister<u16>(c, o),
      (c, o) => multiplyRegister<u32>(c, o),
      (c, o) => multiplyRegister<u64>(c, o),
    );
  multiplyImmediateRow(0x69, Immediate.Z);
  multiplyImmediateRow(0x6b, Immediate.I8);
}

function multiplyImmediateRow(byte: i32, immediate: Immediate): void {
  opcode(OpcodeMap.OneByte, byte)
    .of(Operand.G, Operand.E, immediate)
    .sizes(
      (c, o) => multiplyImmediate<u16>(c, o),
      (c, o) => multiplyImmediate<u32>(c, o),
      (c, o) => multiplyImmediate<u64>(c, o),
    );
}

/** The two halves of a product that is twice as wide as its factors. */
class Product {
  @inline static highUnsigned<T>(a: T, b: T): T {
    if (sizeof<T>() == 8) return <T>multiplyHigh(<u64>a, <u64>b);
    return <T>((<u64>a * <u64>b) >> (<u64>sizeof<T>() * 8));
  }

  @inline static highSigned<T>(a: T, b: T): T {
    if (sizeof<T>() == 8) return <T>multiplyHighSigned(<i64>a, <i64>b);
    return <T>((Wide.signed<T>(a) * Wide.signed<T>(b)) >> (<i64>sizeof<T>() * 8));
  }

  /** Into AX, DX:AX, EDX:EAX or RDX:RAX. CF and OF say whether the upper half is needed. */
  @inline static leave<T>(cpu: Processor, low: T, high: T, isWide: bool): i32 {
    const rax = cpu.register(GeneralRegister.Rax);
    if (sizeof<T>() == 1) {
      store<u8>(rax, <u8>low);
      store<u8>(rax + 1, <u8>high);
    } else {
      cpu.setRegister<T>(rax, low);
      cpu.setRegister<T>(cpu.register(GeneralRegister.Rdx), high);
    }
    return Product.leaveFlags<T>(cpu, low, isWide);
  }

  @inline static leaveFlags<T>(cpu: Processor, low: T, isWide: bool): i32 {
    Flags.result<T>(cpu, low, isWide ? Flag.Carry | Flag.Overflow : 0);
    return After.Next;
  }
}

/** Of the two's complement: what the unsigned product has too much is taken away. */
function multiplyHighSigned(a: i64, b: i64): i64 {
  return <i64>multiplyHigh(<u64>a, <u64>b) - (a < 0 ? b : 0) - (b < 0 ? a : 0);
}

function multiplyUnsigned<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const a = <T>cpu.rax;
  const b = load<T>(source);
  const high = Product.highUnsigned<T>(a, b);
  return Product.leave<T>(cpu, <T>(a * b), high, high != 0);
}

function multiplySigned<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const a = <T>cpu.rax;
  const b = load<T>(source);
  const low = <T>(a * b);
  const high = Product.highSigned<T>(a, b);
  return Product.leave<T>(cpu, low, high, Wide.signed<T>(high) != Wide.signed<T>(low) >> 63);
}

function multiplyRegister<T>(cpu: Processor, op: Operation): i32 {
  return multiplyInto<T>(cpu, op, load<T>(op.destination));
}

function multiplyImmediate<T>(cpu: Processor, op: Operation): i32 {
  return multiplyInto<T>(cpu, op, <T>op.immediate);
}

function multiplyInto<T>(cpu: Processor, op: Operation, a: T): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const b = load<T>(source);
  const low = <T>(a * b);
  const high = Product.highSigned<T>(a, b);
  cpu.setRegister<T>(op.destination, low);
  return Product.leaveFlags<T>(cpu, low, Wide.signed<T>(high) != Wide.signed<T>(low) >> 63);
}
