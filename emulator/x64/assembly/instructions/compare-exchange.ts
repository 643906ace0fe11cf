// CMPXCHG, CMPXCHG8B, CMPXCHG16B.
import { allWidthRows } from "../decode/all-width-rows";
import {
  ANY_DIGIT,
  Attribute,
  Column,
  Form,
  Immediate,
  OpcodeMap,
  Operand,
  opcode,
} from "../decode/opcode-map";
import { Flags } from "../flags/lazy-flags";
import { replaceFlags } from "../flags/replace-flags";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { Vector } from "../state/vectors";

export function compareExchangeRows(): void {
  allWidthRows(
    OpcodeMap.TwoByte,
    0xb0,
    ANY_DIGIT,
    Operand.E,
    Operand.G,
    Immediate.None,
    Attribute.Lockable,
    (c, o) => compareExchange<u8>(c, o),
    (c, o) => compareExchange<u16>(c, o),
    (c, o) => compareExchange<u32>(c, o),
    (c, o) => compareExchange<u64>(c, o),
  );
  opcode(OpcodeMap.TwoByte, 0xc7, Column.Any, 1, Form.Memory)
    .of(Operand.M)
    .with(Attribute.Lockable)
    .sizes(compareExchange8, compareExchange8, compareExchange16);
}

/**
 * Memory is written in any case, if only with what it was. A register that is not equal keeps its
 * upper half, as on AMD's processors.
 */
function compareExchange<T>(cpu: Processor, op: Operation): i32 {
  const target = cpu.update<T>(op);
  if (target == 0) return After.Fault;
  const a = <T>cpu.rax;
  const b = load<T>(target);
  const replacement = load<T>(op.source);
  Flags.subtract<T>(cpu, a, b, <T>(a - b));
  if (a == b) return cpu.put<T>(op, target, replacement);
  if (op.destination == 0) cpu.put<T>(op, target, b);
  cpu.setRegister<T>(cpu.register(GeneralRegister.Rax), b);
  return After.Next;
}

function compareExchange8(cpu: Processor, op: Operation): i32 {
  const target = cpu.updateAt<u64>(cpu.addressOf<u64>(op, true));
  if (target == 0) return After.Fault;
  const value = load<u64>(target);
  const isEqual = value == ((cpu.rax & 0xffffffff) | (cpu.rdx << 32));
  store<u64>(target, isEqual ? (cpu.rbx & 0xffffffff) | (cpu.rcx << 32) : value);
  cpu.written(target);
  if (!isEqual) {
    cpu.rax = value & 0xffffffff;
    cpu.rdx = value >> 32;
  }
  return leaveZero(cpu, isEqual);
}

function compareExchange16(cpu: Processor, op: Operation): i32 {
  const address = cpu.address(op);
  if ((address & 15) != 0) return cpu.raise(Vector.GeneralProtection);
  const target = cpu.updateAt<v128>(address);
  if (target == 0) return After.Fault;
  const low = load<u64>(target);
  const high = load<u64>(target, 8);
  const isEqual = low == cpu.rax && high == cpu.rdx;
  if (isEqual) {
    store<u64>(target, cpu.rbx);
    store<u64>(target, cpu.rcx, 8);
  } else {
    cpu.rax = low;
    cpu.rdx = high;
  }
  cpu.written(target);
  return leaveZero(cpu, isEqual);
}

/** The other flags stay. */
function leaveZero(cpu: Processor, isEqual: bool): i32 {
  replaceFlags(cpu, Flag.Zero, isEqual ? <u32>Flag.Zero : 0);
  return After.Next;
}
