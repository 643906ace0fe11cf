// Moves between XMM and general registers: MOVD, MOVQ, MOVMSK, PMOVMSKB; and MASKMOVDQU.
import { Attribute, Column, Form, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { storeMasked } from "./masked-store";
import { Sse } from "./operands";

export function transferRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x6e, Column.X66) // MOVD, MOVQ
    .of(Operand.V, Operand.E)
    .with(Attribute.No16)
    .sizes(
      (c, o) => toXmm<u32>(c, o),
      (c, o) => toXmm<u32>(c, o),
      (c, o) => toXmm<u64>(c, o),
    );
  opcode(two, 0x7e, Column.X66)
    .of(Operand.E, Operand.V)
    .with(Attribute.No16)
    .sizes(
      (c, o) => fromXmm<u32>(c, o),
      (c, o) => fromXmm<u32>(c, o),
      (c, o) => fromXmm<u64>(c, o),
    );
  opcode(two, 0x50, Column.None, -1, Form.Register).of(Operand.G, Operand.W).does(signsOfSingles); // MOVMSKPS
  opcode(two, 0x50, Column.X66, -1, Form.Register).of(Operand.G, Operand.W).does(signsOfDoubles); // MOVMSKPD
  opcode(two, 0xd7, Column.X66, -1, Form.Register).of(Operand.G, Operand.W).does(signsOfBytes); // PMOVMSKB
  opcode(two, 0xf7, Column.X66, -1, Form.Register).of(Operand.D, Operand.W).does(moveMasked); // MASKMOVDQU
}

function toXmm<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<T>(cpu, op);
  if (source == 0) return After.Fault;
  return Sse.put(op, sizeof<T>() == 4 ? v128.load32_zero(source) : v128.load64_zero(source));
}

function fromXmm<T>(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<T>(op, load<T>(op.source));
}

function signsOfSingles(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<u64>(op, i32x4.bitmask(v128.load(op.source)));
}

function signsOfDoubles(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<u64>(op, i64x2.bitmask(v128.load(op.source)));
}

function signsOfBytes(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<u64>(op, i8x16.bitmask(v128.load(op.source)));
}

function moveMasked(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  const mask = i8x16.bitmask(v128.load(op.source));
  return storeMasked<v128>(cpu, op, cpu.xmm(op.reg), mask) ? After.Next : After.Fault;
}
