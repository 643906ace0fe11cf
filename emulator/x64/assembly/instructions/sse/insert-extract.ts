// Single lanes: SSE2's PINSRW and PEXTRW, SSE4.1's others.
import {
  Attribute,
  Column,
  Form,
  Immediate,
  OpcodeMap,
  Operand,
  opcode,
} from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Sse } from "./operands";

export function insertExtractRows(): void {
  const two = OpcodeMap.TwoByte;
  const three = OpcodeMap.ThreeByte3a;
  opcode(two, 0xc4, Column.X66) // PINSRW
    .of(Operand.V, Operand.E, Immediate.U8)
    .does((c, o) => insert<u16>(c, o));
  opcode(three, 0x20, Column.X66) // PINSRB
    .of(Operand.V, Operand.E, Immediate.U8)
    .does((c, o) => insert<u8>(c, o));
  opcode(three, 0x22, Column.X66) // PINSRD, PINSRQ
    .of(Operand.V, Operand.E, Immediate.U8)
    .with(Attribute.No16)
    .sizes(
      (c, o) => insert<u32>(c, o),
      (c, o) => insert<u32>(c, o),
      (c, o) => insert<u64>(c, o),
    );
  opcode(two, 0xc5, Column.X66, -1, Form.Register) // PEXTRW
    .of(Operand.G, Operand.W, Immediate.U8)
    .does(extractWord);
  opcode(three, 0x14, Column.X66) // PEXTRB
    .of(Operand.E, Operand.V, Immediate.U8)
    .does((c, o) => extract<u8>(c, o));
  opcode(three, 0x15, Column.X66) // PEXTRW
    .of(Operand.E, Operand.V, Immediate.U8)
    .does((c, o) => extract<u16>(c, o));
  opcode(three, 0x16, Column.X66) // PEXTRD, PEXTRQ
    .of(Operand.E, Operand.V, Immediate.U8)
    .with(Attribute.No16)
    .sizes(
      (c, o) => extract<u32>(c, o),
      (c, o) => extract<u32>(c, o),
      (c, o) => extract<u64>(c, o),
    );
  opcode(three, 0x17, Column.X66) // EXTRACTPS
    .of(Operand.E, Operand.V, Immediate.U8)
    .does((c, o) => extract<u32>(c, o));
  opcode(three, 0x21, Column.X66) // INSERTPS
    .of(Operand.V, Operand.W, Immediate.U8)
    .does(insertSingle);
}

/** The offset of the lane that an immediate names; its upper bits do not count. */
class Lane {
  @inline static of<T>(immediate: i64): usize {
    return (<usize>immediate * sizeof<T>()) & 15;
  }
}

function insert<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<T>(cpu, op);
  if (source == 0) return After.Fault;
  store<T>(op.destination + Lane.of<T>(op.immediate), load<T>(source));
  return After.Next;
}

/** A register is written as a whole. */
function extract<T>(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  const value = load<T>(op.source + Lane.of<T>(op.immediate));
  if (op.destination == 0) return cpu.write<T>(op, value);
  store<u64>(op.destination, <u64>value);
  return After.Next;
}

function extractWord(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  store<u64>(op.destination, load<u16>(op.source + Lane.of<u16>(op.immediate)));
  return After.Next;
}

/** Bits 6 and 7: the lane of a register; 4 and 5: where it goes; 0 to 3: what becomes 0. */
function insertSingle(cpu: Processor, op: Operation): i32 {
  let source = Sse.scalar<u32>(cpu, op);
  if (source == 0) return After.Fault;
  if (op.source != 0) source += Lane.of<u32>(op.immediate >> 6);
  store<u32>(op.destination + Lane.of<u32>((op.immediate >> 4) & 3), load<u32>(source));
  for (let lane: usize = 0; lane < 4; lane++) {
    if (((op.immediate >> lane) & 1) != 0) store<u32>(op.destination + (lane << 2), 0);
  }
  return After.Next;
}
