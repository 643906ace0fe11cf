// Moves between XMM registers and memory: MOVAPS to MOVNTDQA. Those of general and of MMX registers
// are in `transfer.ts`.
import { Column, Form, OpcodeMap, Operand, opcode, Row } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { isAligned, Sse } from "./operands";

const SINGLES_AND_DOUBLES = Column.None | Column.X66;

export function moveRows(): void {
  wholeRows();
  scalarRows();
  halfRows();
  const two = OpcodeMap.TwoByte;
  loadRow(two, 0x16, Column.XF3).does(duplicateOdd); // MOVSHDUP
  loadRow(two, 0x12, Column.XF3).does(duplicateEven); // MOVSLDUP
  loadRow(two, 0x12, Column.XF2).does(duplicateLow); // MOVDDUP
}

function wholeRows(): void {
  const two = OpcodeMap.TwoByte;
  loadRow(two, 0x28, SINGLES_AND_DOUBLES).does(moveAligned); // MOVAPS, MOVAPD
  storeRow(two, 0x29, SINGLES_AND_DOUBLES).does(storeAligned);
  loadRow(two, 0x6f, Column.X66).does(moveAligned); // MOVDQA
  storeRow(two, 0x7f, Column.X66).does(storeAligned);
  loadRow(two, 0x10, SINGLES_AND_DOUBLES).does(moveUnaligned); // MOVUPS, MOVUPD
  storeRow(two, 0x11, SINGLES_AND_DOUBLES).does(storeUnaligned);
  loadRow(two, 0x6f, Column.XF3).does(moveUnaligned); // MOVDQU
  storeRow(two, 0x7f, Column.XF3).does(storeUnaligned);
  // There is no cache that they could pass by.
  storeRow(two, 0x2b, SINGLES_AND_DOUBLES, Form.Memory).does(storeAligned); // MOVNTPS, MOVNTPD
  storeRow(two, 0xe7, Column.X66, Form.Memory).does(storeAligned); // MOVNTDQ
  loadRow(OpcodeMap.ThreeByte38, 0x2a, Column.X66, Form.Memory).does(moveAligned); // MOVNTDQA
  loadRow(two, 0xf0, Column.XF2, Form.Memory).does(moveUnaligned); // LDDQU
}

function scalarRows(): void {
  const two = OpcodeMap.TwoByte;
  loadRow(two, 0x10, Column.XF3, Form.Register).does((c, o) => replaceLow<u32>(c, o)); // MOVSS
  loadRow(two, 0x10, Column.XF3, Form.Memory).does((c, o) => loadLow<u32>(c, o));
  storeRow(two, 0x11, Column.XF3, Form.Register).does((c, o) => replaceLow<u32>(c, o));
  storeRow(two, 0x11, Column.XF3, Form.Memory).does((c, o) => storeLow<u32>(c, o));
  loadRow(two, 0x10, Column.XF2, Form.Register).does((c, o) => replaceLow<u64>(c, o)); // MOVSD
  loadRow(two, 0x10, Column.XF2, Form.Memory).does((c, o) => loadLow<u64>(c, o));
  storeRow(two, 0x11, Column.XF2, Form.Register).does((c, o) => replaceLow<u64>(c, o));
  storeRow(two, 0x11, Column.XF2, Form.Memory).does((c, o) => storeLow<u64>(c, o));
  loadRow(two, 0x7e, Column.XF3).does((c, o) => loadLow<u64>(c, o)); // MOVQ
  storeRow(two, 0xd6, Column.X66, Form.Register).does((c, o) => loadLow<u64>(c, o));
  storeRow(two, 0xd6, Column.X66, Form.Memory).does((c, o) => storeLow<u64>(c, o));
}

function halfRows(): void {
  const two = OpcodeMap.TwoByte;
  loadRow(two, 0x12, SINGLES_AND_DOUBLES, Form.Memory).does((c, o) => replaceLow<u64>(c, o)); // MOVLPS, MOVLPD
  storeRow(two, 0x13, SINGLES_AND_DOUBLES, Form.Memory).does((c, o) => storeLow<u64>(c, o));
  loadRow(two, 0x16, SINGLES_AND_DOUBLES, Form.Memory).does(replaceHigh); // MOVHPS, MOVHPD
  storeRow(two, 0x17, SINGLES_AND_DOUBLES, Form.Memory).does(storeHigh);
  loadRow(two, 0x12, Column.None, Form.Register).does(moveHighToLow); // MOVHLPS
  loadRow(two, 0x16, Column.None, Form.Register).does(replaceHigh); // MOVLHPS
}

function loadRow(map: OpcodeMap, byte: i32, column: Column, form: Form = Form.Any): Row {
  return opcode(map, byte, column, -1, form).of(Operand.V, Operand.W);
}

function storeRow(map: OpcodeMap, byte: i32, column: Column, form: Form = Form.Any): Row {
  return opcode(map, byte, column, -1, form).of(Operand.W, Operand.V);
}

function moveAligned(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  return source == 0 ? After.Fault : Sse.put(op, v128.load(source));
}

function moveUnaligned(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<v128>(cpu, op);
  return source == 0 ? After.Fault : Sse.put(op, v128.load(source));
}

function storeAligned(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  const value = v128.load(op.source);
  if (op.destination != 0) return Sse.put(op, value);
  const address = cpu.addressOf<v128>(op, true);
  if (!isAligned(cpu, address)) return After.Fault;
  return cpu.writeAt<v128>(address, value) ? After.Next : After.Fault;
}

function storeUnaligned(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<v128>(op, v128.load(op.source));
}

/** The rest of the register becomes 0. */
function loadLow<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<T>(cpu, op);
  if (source == 0) return After.Fault;
  return Sse.put(op, sizeof<T>() == 4 ? v128.load32_zero(source) : v128.load64_zero(source));
}

function replaceLow<T>(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<T>(cpu, op);
  if (source == 0) return After.Fault;
  store<T>(op.destination, load<T>(source));
  return After.Next;
}

function storeLow<T>(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<T>(op, load<T>(op.source));
}

function replaceHigh(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u64>(cpu, op);
  if (source == 0) return After.Fault;
  store<u64>(op.destination, load<u64>(source), 8);
  return After.Next;
}

function storeHigh(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  return cpu.write<u64>(op, load<u64>(op.source, 8));
}

function moveHighToLow(cpu: Processor, op: Operation): i32 {
  if (!Sse.isReady(cpu)) return After.Fault;
  store<u64>(op.destination, load<u64>(op.source, 8));
  return After.Next;
}

function duplicateOdd(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const value = v128.load(source);
  return Sse.put(op, v128.shuffle<u32>(value, value, 1, 1, 3, 3));
}

function duplicateEven(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const value = v128.load(source);
  return Sse.put(op, v128.shuffle<u32>(value, value, 0, 0, 2, 2));
}

function duplicateLow(cpu: Processor, op: Operation): i32 {
  const source = Sse.scalar<u64>(cpu, op);
  return source == 0 ? After.Fault : Sse.put(op, v128.load_splat<u64>(source));
}
