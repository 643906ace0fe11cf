// Moves of MMX registers: MOVD, MOVQ, MOVNTQ, MASKMOVQ, PMOVMSKB, MOVQ2DQ, MOVDQ2Q.
import { Attribute, Column, Form, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { storeMasked } from "../sse/masked-store";
import { Sse } from "../sse/operands";
import { Mmx } from "./operands";

export function mmxMoveRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x6e, Column.None) // MOVD, MOVQ
    .of(Operand.P, Operand.E)
    .with(Attribute.No16)
    .sizes(
      (c, o) => toMmx<u32>(c, o),
      (c, o) => toMmx<u32>(c, o),
      (c, o) => toMmx<u64>(c, o),
    );
  opcode(two, 0x7e, Column.None)
    .of(Operand.E, Operand.P)
    .with(Attribute.No16)
    .sizes(
      (c, o) => fromMmx<u32>(c, o),
      (c, o) => fromMmx<u32>(c, o),
      (c, o) => fromMmx<u64>(c, o),
    );
  opcode(two, 0x6f, Column.None)
    .of(Operand.P, Operand.Q)
    .does((c, o) => toMmx<u64>(c, o)); // MOVQ
  opcode(two, 0x7f, Column.None).of(Operand.Q, Operand.P).does(moveFrom);
  opcode(two, 0xe7, Column.None, -1, Form.Memory).of(Operand.Q, Operand.P).does(moveFrom); // MOVNTQ
  opcode(two, 0xf7, Column.None, -1, Form.Register).of(Operand.D, Operand.Q).does(moveMasked); // MASKMOVQ
  opcode(two, 0xd7, Column.None, -1, Form.Register).of(Operand.G, Operand.Q).does(signsOfBytes); // PMOVMSKB
  opcode(two, 0xd6, Column.XF3, -1, Form.Register).of(Operand.V, Operand.Q).does(toXmm); // MOVQ2DQ
  opcode(two, 0xd6, Column.XF2, -1, Form.Register).of(Operand.P, Operand.W).does(fromXmm); // MOVDQ2Q
}

function toMmx<T>(cpu: Processor, op: Operation): i32 {
  const source = Mmx.source<T>(cpu, op);
  if (source == 0) return After.Fault;
  return Mmx.put(cpu, op, <u64>load<T>(source));
}

function fromMmx<T>(cpu: Processor, op: Operation): i32 {
  if (!Mmx.isReady(cpu)) return After.Fault;
  const after = cpu.write<T>(op, load<T>(op.source));
  if (after == After.Next) Mmx.enter(cpu);
  return after;
}

function moveFrom(cpu: Processor, op: Operation): i32 {
  if (op.destination == 0) return fromMmx<u64>(cpu, op);
  if (!Mmx.isReady(cpu)) return After.Fault;
  return Mmx.put(cpu, op, load<u64>(op.source));
}

function moveMasked(cpu: Processor, op: Operation): i32 {
  if (!Mmx.isReady(cpu)) return After.Fault;
  // Before the store may fault, as AMD's processors do.
  Mmx.enter(cpu);
  const mask = i8x16.bitmask(v128.load64_zero(op.source));
  return storeMasked<u64>(cpu, op, cpu.float(op.reg & 7), mask) ? After.Next : After.Fault;
}

function signsOfBytes(cpu: Processor, op: Operation): i32 {
  if (!Mmx.isReady(cpu)) return After.Fault;
  Mmx.enter(cpu);
  return cpu.write<u64>(op, i8x16.bitmask(v128.load64_zero(op.source)));
}

function toXmm(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu) || !Mmx.isReady(cpu)) return After.Fault;
  Mmx.enter(cpu);
  return Sse.put(op, v128.load64_zero(op.source));
}

function fromXmm(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu) || !Mmx.isReady(cpu)) return After.Fault;
  return Mmx.put(cpu, op, load<u64>(op.source));
}
