// ADD, ADC, SUB, SBB, CMP, NEG, INC, DEC.
import { Attribute, Column, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
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
  const one = OpcodeMap.OneByte;
  opcode(one, 0xfe, Column.Any, 0)
    .of(Operand.Eb)
    .with(Attribute.Lockable)
    .does((c, o) => increment<u8>(c, o));
  opcode(one, 0xff, Column.Any, 0)
    .of(Operand.E)
    .with(Attribute.Lockable)
    .sizes(
      (c, o) => increment<u16>(c, o),
      (c, o) => increment<u32>(c, o),
      (c, o) => increment<u64>(c, o),
    );
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
  Flags.subtract<T>(cpu, a, b, result);
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

/** INC and DEC leave CF alone. */
function keepCarry(cpu: Processor): void {
  const flags = cpu.flags & ~(<u64>Flag.Carry);
  cpu.flags = carry(cpu) ? flags | Flag.Carry : flags;
}
