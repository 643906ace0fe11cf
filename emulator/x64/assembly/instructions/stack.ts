// PUSH, POP, PUSHA, POPA, ENTER, LEAVE. PUSHF and POPF are in stack-flags.ts, those of segment
// registers in stack-segment.ts.
import {
  ANY_DIGIT,
  Attribute,
  Column,
  Immediate,
  OpcodeMap,
  Operand,
  opcode,
} from "../decode/opcode-map";
import { Stack, stackMask } from "../stack/stack";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

/** The deepest nesting of procedures that ENTER knows of. */
const DEEPEST_LEVEL: u64 = 31;

export function stackRows(): void {
  for (let register = 0; register < 8; register++) {
    pushRow(0x50 + register, ANY_DIGIT, Operand.Z, Immediate.None);
    popRow(0x58 + register, ANY_DIGIT, Operand.Z);
  }
  pushRow(0x68, ANY_DIGIT, Operand.I, Immediate.Z);
  pushRow(0x6a, ANY_DIGIT, Operand.I, Immediate.I8);
  pushRow(0xff, 6, Operand.E, Immediate.None);
  popRow(0x8f, 0, Operand.E);
  opcode(OpcodeMap.OneByte, 0x60)
    .with(Attribute.Not64)
    .sizes(
      (c, o) => pushAll<u16>(c, o),
      (c, o) => pushAll<u32>(c, o),
      (c, o) => pushAll<u32>(c, o),
    );
  opcode(OpcodeMap.OneByte, 0x61)
    .with(Attribute.Not64)
    .sizes(
      (c, o) => popAll<u16>(c, o),
      (c, o) => popAll<u32>(c, o),
      (c, o) => popAll<u32>(c, o),
    );
  opcode(OpcodeMap.OneByte, 0xc8)
    .of(Operand.None, Operand.None, Immediate.Enter)
    .with(Attribute.Default64)
    .sizes(
      (c, o) => enter<u16>(c, o),
      (c, o) => enter<u32>(c, o),
      (c, o) => enter<u64>(c, o),
    );
  opcode(OpcodeMap.OneByte, 0xc9)
    .with(Attribute.Default64)
    .sizes(
      (c, o) => leave<u16>(c, o),
      (c, o) => leave<u32>(c, o),
      (c, o) => leave<u64>(c, o),
    );
}

function pushRow(byte: i32, digit: i32, source: Operand, immediate: Immediate): void {
  opcode(OpcodeMap.OneByte, byte, Column.Any, digit)
    .of(Operand.None, source, immediate)
    .with(Attribute.Default64)
    .sizes(
      (c, o) => push<u16>(c, o),
      (c, o) => push<u32>(c, o),
      (c, o) => push<u64>(c, o),
    );
}

function popRow(byte: i32, digit: i32, destination: Operand): void {
  opcode(OpcodeMap.OneByte, byte, Column.Any, digit)
    .of(destination)
    .with(Attribute.Default64)
    .sizes(
      (c, o) => pop<u16>(c, o),
      (c, o) => pop<u32>(c, o),
      (c, o) => pop<u64>(c, o),
    );
}

/** Of RSP: what it was before. */
function push<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  return Stack.push<T>(cpu, load<T>(source)) ? After.Next : After.Fault;
}

/** RSP has moved before it is a part of the destination's address, or the destination itself. */
function pop<T>(cpu: Processor, op: Operation): i32 {
  const top = Stack.top<T>(cpu);
  if (top == 0) return After.Fault;
  const value = load<T>(top);
  const before = cpu.rsp;
  Stack.drop(cpu, sizeof<T>());
  const after = cpu.write<T>(op, value);
  if (after == After.Fault) cpu.rsp = before;
  return after;
}

/** AX, CX, DX, BX, SP as it was before, BP, SI, DI. */
function pushAll<T>(cpu: Processor, op: Operation): i32 {
  let pointer = cpu.rsp;
  for (let register: u32 = 0; register < 8; register++) {
    pointer = Stack.moved(cpu, pointer, -(<i64>sizeof<T>()));
    if (!Stack.writeAt<T>(cpu, pointer, load<T>(cpu.register(register)))) return After.Fault;
  }
  cpu.rsp = pointer;
  return After.Next;
}

/** What was pushed of SP is passed over. What was popped before a fault has been popped. */
function popAll<T>(cpu: Processor, op: Operation): i32 {
  let pointer = cpu.rsp;
  for (let register = 7; register >= 0; register--) {
    const place = Stack.readAt<T>(cpu, pointer);
    if (place == 0) return After.Fault;
    if (register != GeneralRegister.Rsp) cpu.setRegister<T>(cpu.register(register), load<T>(place));
    pointer = Stack.moved(cpu, pointer, sizeof<T>());
  }
  cpu.rsp = pointer;
  return After.Next;
}

/**
 * SDM vol. 1, 6.6.1: a procedure's frame, with pointers to the frames of the procedures around it.
 * It faults if nothing can be written at the end of the frame.
 */
function enter<T>(cpu: Processor, op: Operation): i32 {
  const size = <i64>sizeof<T>();
  const bytes = op.immediate & 0xffff;
  const level = (<u64>op.immediate >> 16) & DEEPEST_LEVEL;
  let pointer = Stack.moved(cpu, cpu.rsp, -size);
  if (!Stack.writeAt<T>(cpu, pointer, <T>cpu.rbp)) return After.Fault;
  const frame = pointer;
  for (let outer: u64 = 1; outer < level; outer++) {
    const place = Stack.readAt<T>(cpu, Stack.moved(cpu, cpu.rbp, -size * <i64>outer));
    if (place == 0) return After.Fault;
    const link = load<T>(place);
    pointer = Stack.moved(cpu, pointer, -size);
    if (!Stack.writeAt<T>(cpu, pointer, link)) return After.Fault;
  }
  if (level != 0) {
    pointer = Stack.moved(cpu, pointer, -size);
    if (!Stack.writeAt<T>(cpu, pointer, <T>frame)) return After.Fault;
  }
  pointer = Stack.moved(cpu, pointer, -bytes);
  if (!Stack.mayWriteAt<T>(cpu, pointer)) return After.Fault;
  cpu.setRegister<T>(cpu.register(GeneralRegister.Rbp), <T>frame);
  cpu.rsp = pointer;
  return After.Next;
}

function leave<T>(cpu: Processor, op: Operation): i32 {
  const place = Stack.readAt<T>(cpu, cpu.rbp);
  if (place == 0) return After.Fault;
  const value = load<T>(place);
  const mask = stackMask(cpu);
  const frame = mask == 0xffff ? (cpu.rsp & ~mask) | (cpu.rbp & mask) : cpu.rbp;
  cpu.rsp = Stack.moved(cpu, frame, sizeof<T>());
  cpu.setRegister<T>(cpu.register(GeneralRegister.Rbp), value);
  return After.Next;
}
