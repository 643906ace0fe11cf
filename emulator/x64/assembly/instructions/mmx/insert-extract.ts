// PINSRW and PEXTRW of MMX registers (SSE).
import { Column, Form, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Mmx } from "./operands";

export function mmxInsertExtractRows(): void {
  opcode(OpcodeMap.TwoByte, 0xc4, Column.None)
    .of(Operand.P, Operand.E, Immediate.U8)
    .does(insertWord);
  opcode(OpcodeMap.TwoByte, 0xc5, Column.None, -1, Form.Register)
    .of(Operand.G, Operand.Q, Immediate.U8)
    .does(extractWord);
}

function insertWord(cpu: Processor, op: Operation): i32 {
  const source = Mmx.source<u16>(cpu, op);
  if (source == 0) return After.Fault;
  const shift = (<u64>op.immediate & 3) << 4;
  const kept = load<u64>(op.destination) & ~((<u64>0xffff) << shift);
  return Mmx.put(cpu, op, kept | ((<u64>load<u16>(source)) << shift));
}

function extractWord(cpu: Processor, op: Operation): i32 {
  if (!Mmx.isReady(cpu)) return After.Fault;
  Mmx.enter(cpu);
  return cpu.write<u64>(op, load<u16>(op.source + ((<usize>op.immediate & 3) << 1)));
}
