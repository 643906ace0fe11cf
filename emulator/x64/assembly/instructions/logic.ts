// AND, OR, XOR, NOT, TEST.
import { allWidthRows } from "../decode/all-width-rows";
import { ANY_DIGIT, Attribute, Immediate, OpcodeMap, Operand } from "../decode/opcode-map";
import { twoOperandRows } from "../decode/two-operand-rows";
import { Flags } from "../flags/lazy-flags";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function logicRows(): void {
  twoOperandRows(
    0x08,
    1,
    Attribute.Lockable,
    (c, o) => or<u8>(c, o),
    (c, o) => or<u16>(c, o),
    (c, o) => or<u32>(c, o),
    (c, o) => or<u64>(c, o),
  );
  twoOperandRows(
    0x20,
    4,
    Attribute.Lockable,
    (c, o) => and<u8>(c, o),
    (c, o) => and<u16>(c, o),
    (c, o) => and<u32>(c, o),
    (c, o) => and<u64>(c, o),
  );
  twoOperandRows(
    0x30,
    6,
    Attribute.Lockable,
    (c, o) => xor<u8>(c, o),
    (c, o) => xor<u16>(c, o),
    (c, o) => xor<u32>(c, o),
    (c, o) => xor<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xf6,
    2,
    Operand.E,
    Operand.None,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => not<u8>(c, o),
    (c, o) => not<u16>(c, o),
    (c, o) => not<u32>(c, o),
    (c, o) => not<u64>(c, o),
  );
  testRows(0x84, ANY_DIGIT, Operand.E, Operand.G, Immediate.None);
  testRows(0xa8, ANY_DIGIT, Operand.Accumulator, Operand.I, Immediate.Z);
  testRows(0xf6, 0, Operand.E, Operand.I, Immediate.Z);
  // Not in Intel's map, but in AMD's, and so do all processors.
  testRows(0xf6, 1, Operand.E, Operand.I, Immediate.Z);
}

function testRows(
  byte: i32,
  digit: i32,
  destination: Operand,
  source: Operand,
  immediate: Immediate,
): void {
  allWidthRows(
    OpcodeMap.OneByte,
    byte,
    digit,
    destination,
    source,
    immediate,
    0,
    (c, o) => test<u8>(c, o),
    (c, o) => test<u16>(c, o),
    (c, o) => test<u32>(c, o),
    (c, o) => test<u64>(c, o),
  );
}

function and<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const result = <T>(load<T>(target) & load<T>(source));
  Flags.logic<T>(cpu, result);
  return cpu.put<T>(op, target, result);
}

function or<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const result = <T>(load<T>(target) | load<T>(source));
  Flags.logic<T>(cpu, result);
  return cpu.put<T>(op, target, result);
}

function xor<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const result = <T>(load<T>(target) ^ load<T>(source));
  Flags.logic<T>(cpu, result);
  return cpu.put<T>(op, target, result);
}

function test<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const target = cpu.target<T>(op);
  if (target == 0) return After.Fault;
  Flags.logic<T>(cpu, <T>(load<T>(target) & load<T>(source)));
  return After.Next;
}

function not<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  return cpu.put<T>(op, target, <T>~load<T>(target));
}
