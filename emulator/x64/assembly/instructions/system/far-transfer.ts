// JMP, CALL and RET to another segment. A pointer in memory may have an offset of 64 bits, as on
// Intel's processors; AMD's have 32 at the most.
import {
  Attribute,
  Column,
  Form,
  Immediate,
  OpcodeMap,
  Operand,
  opcode,
} from "../../decode/opcode-map";
import { slowAddress } from "../../memory/address";
import { Branch } from "../../run/branch";
import { farCall, farJump } from "../../segments/far-branch";
import { farReturn } from "../../segments/far-return";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";

export function farTransferRows(): void {
  const one = OpcodeMap.OneByte;
  opcode(one, 0xea)
    .of(Operand.None, Operand.None, Immediate.Far)
    .with(Attribute.Not64 | Attribute.EndsBlock)
    .does((c, o) => farJump(c, <u32>(o.immediate >> 32), <u64>o.immediate & 0xffffffff));
  opcode(one, 0x9a)
    .of(Operand.None, Operand.None, Immediate.Far)
    .with(Attribute.Not64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => callImmediate<u16>(c, o),
      (c, o) => callImmediate<u32>(c, o),
      (c, o) => callImmediate<u32>(c, o),
    );
  opcode(one, 0xff, Column.Any, 5, Form.Memory)
    .of(Operand.M)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => jumpMemory<u16>(c, o),
      (c, o) => jumpMemory<u32>(c, o),
      (c, o) => jumpMemory<u64>(c, o),
    );
  opcode(one, 0xff, Column.Any, 3, Form.Memory)
    .of(Operand.M)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => callMemory<u16>(c, o),
      (c, o) => callMemory<u32>(c, o),
      (c, o) => callMemory<u64>(c, o),
    );
  opcode(one, 0xca)
    .of(Operand.None, Operand.None, Immediate.U16)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => farReturn<u16>(c, <u32>o.immediate),
      (c, o) => farReturn<u32>(c, <u32>o.immediate),
      (c, o) => farReturn<u64>(c, <u32>o.immediate),
    );
  opcode(one, 0xcb)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => farReturn<u16>(c, 0),
      (c, o) => farReturn<u32>(c, 0),
      (c, o) => farReturn<u64>(c, 0),
    );
}

function callImmediate<T>(cpu: Processor, op: Operation): i32 {
  const selector = <u32>(op.immediate >> 32);
  return farCall<T>(cpu, selector, <u64>op.immediate & 0xffffffff, Branch.next(cpu, op));
}

/** The selector lies behind the offset. @returns where it can be read; 0: a fault is pending */
function selectorPlace<T>(cpu: Processor, op: Operation): usize {
  return cpu.readAt<u16>(slowAddress(cpu, op, sizeof<T>(), 2));
}

function jumpMemory<T>(cpu: Processor, op: Operation): i32 {
  const place = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (place == 0) return After.Fault;
  const offset = <u64>load<T>(place);
  const selector = selectorPlace<T>(cpu, op);
  return selector == 0 ? After.Fault : farJump(cpu, load<u16>(selector), offset);
}

function callMemory<T>(cpu: Processor, op: Operation): i32 {
  const place = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (place == 0) return After.Fault;
  const offset = <u64>load<T>(place);
  const selector = selectorPlace<T>(cpu, op);
  if (selector == 0) return After.Fault;
  return farCall<T>(cpu, load<u16>(selector), offset, Branch.next(cpu, op));
}
