// ADD, ADC, SUB, SBB, CMP, NEG, INC, DEC.
import { allWidthRows } from "../decode/all-width-rows";
import { Attribute, Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { twoOperandRows } from "../decode/two-operand-rows";
import { carry, Flags, Lazy, Wide } from "../flags/lazy-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

export function arithmeticRows(): void {
  twoOperandRows(
    0x00,
    0,
    Attribute.Lockable,
    (c, o) => add<u8>(c, o),
    (c, o) => add<u16>(c, o),
    (c, o) => add<u32>(c, o),
    (c, o) => add<u64>(c, o),
  );
  twoOperandRows(
    0x10,
    2,
    Attribute.Lockable,
    (c, o) => adc<u8>(c, o),
    (c, o) => adc<u16>(c, o),
    (c, o) => adc<u32>(c, o),
    (c, o) => adc<u64>(c, o),
  );
  twoOperandRows(
    0x18,
    3,
    Attribute.Lockable,
    (c, o) => sbb<u8>(c, o),
    (c, o) => sbb<u16>(c, o),
    (c, o) => sbb<u32>(c, o),
    (c, o) => sbb<u64>(c, o),
  );
  twoOperandRows(
    0x28,
    5,
    Attribute.Lockable,
    (c, o) => subtract<u8>(c, o),
    (c, o) => subtract<u16>(c, o),
    (c, o) => subtract<u32>(c, o),
    (c, o) => subtract<u64>(c, o),
  );
  twoOperandRows(
    0x38,
    7,
    0,
    (c, o) => compare<u8>(c, o),
    (c, o) => compare<u16>(c, o),
    (c, o) => compare<u32>(c, o),
    (c, o) => compare<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xfe,
    0,
    Operand.E,
    Operand.None,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => increment<u8>(c, o),
    (c, o) => increment<u16>(c, o),
    (c, o) => increment<u32>(c, o),
    (c, o) => increment<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xfe,
    1,
    Operand.E,
    Operand.None,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => decrement<u8>(c, o),
    (c, o) => decrement<u16>(c, o),
    (c, o) => decrement<u32>(c, o),
    (c, o) => decrement<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xf6,
    3,
    Operand.E,
    Operand.None,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => negate<u8>(c, o),
    (c, o) => negate<u16>(c, o),
    (c, o) => negate<u32>(c, o),
    (c, o) => negate<u64>(c, o),
  );
  // 64-bit code has REX prefixes there.
  for (let register = 0; register < 8; register++) {
    opcode(OpcodeMap.OneByte, 0x40 + register)
      .of(Operand.Z)
      .with(Attribute.Not64)
      .sizes(
        (c, o) => increment<u16>(c, o),
        (c, o) => increment<u32>(c, o),
        (c, o) => increment<u64>(c, o),
      );
    opcode(OpcodeMap.OneByte, 0x48 + register)
      .of(Operand.Z)
      .with(Attribute.Not64)
      .sizes(
        (c, o) => decrement<u16>(c, o),
        (c, o) => decrement<u32>(c, o),
        (c, o) => decrement<u64>(c, o),
      );
  }
}

function add<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const b = load<T>(source);
  const result = <T>(a + b);
  Flags.add<T>(cpu, a, b, result);
  return cpu.put<T>(op, target, result);
}

function adc<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const b = load<T>(source);
  const result = <T>(a + b + <T>carry(cpu));
  Flags.add<T>(cpu, a, b, result);
  return cpu.put<T>(op, target, result);
}

function subtract<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const b = load<T>(source);
  const result = <T>(a - b);
  Flags.subtract<T>(cpu, a, b, result);
  return cpu.put<T>(op, target, result);
}

function sbb<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const b = load<T>(source);
  const result = <T>(a - b - <T>carry(cpu));
  Flags.borrow<T>(cpu, a, b, result);
  return cpu.put<T>(op, target, result);
}

function compare<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.target<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const b = load<T>(source);
  Flags.subtract<T>(cpu, a, b, <T>(a - b));
  return After.Next;
}

function increment<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const result = <T>(a + 1);
  keepCarry(cpu);
  Flags.leave(cpu, Lazy.Increment, Wide.signed<T>(a), 1, Wide.signed<T>(result));
  return cpu.put<T>(op, target, result);
}

function decrement<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const result = <T>(a - 1);
  keepCarry(cpu);
  Flags.leave(cpu, Lazy.Decrement, Wide.signed<T>(a), 1, Wide.signed<T>(result));
  return cpu.put<T>(op, target, result);
}

function negate<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = load<T>(target);
  const result = <T>(0 - a);
  Flags.subtract<T>(cpu, 0, a, result);
  return cpu.put<T>(op, target, result);
}

/** INC and DEC leave CF alone. */
function keepCarry(cpu: Processor): void {
  const flags = cpu.flags & ~(<u64>Flag.Carry);
  cpu.flags = carry(cpu) ? flags | Flag.Carry : flags;
}
