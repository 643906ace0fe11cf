// MOV between general registers, memory and immediates, MOVNTI. Those of segment registers are in
// move-segment.ts, those of control and debug registers in system/.
import { allWidthRows } from "../decode/all-width-rows";
import {
  ANY_DIGIT,
  Column,
  Form,
  Immediate,
  OpcodeMap,
  Operand,
  opcode,
} from "../decode/opcode-map";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function moveRows(): void {
  moveRowPair(0x88, ANY_DIGIT, Operand.E, Operand.G, Immediate.None);
  moveRowPair(0x8a, ANY_DIGIT, Operand.G, Operand.E, Immediate.None);
  moveRowPair(0xa0, ANY_DIGIT, Operand.Accumulator, Operand.O, Immediate.None);
  moveRowPair(0xa2, ANY_DIGIT, Operand.O, Operand.Accumulator, Immediate.None);
  moveRowPair(0xc6, 0, Operand.E, Operand.I, Immediate.Z);
  for (let register = 0; register < 8; register++) {
    opcode(OpcodeMap.OneByte, 0xb0 + register)
      .of(Operand.Zb, Operand.I, Immediate.U8)
      .does((c, o) => move<u8>(c, o));
    opcode(OpcodeMap.OneByte, 0xb8 + register)
      .of(Operand.Z, Operand.I, Immediate.V)
      .sizes(
        (c, o) => move<u16>(c, o),
        (c, o) => move<u32>(c, o),
        (c, o) => move<u64>(c, o),
      );
  }
  // The hint that the caches are not needed has no effect.
  opcode(OpcodeMap.TwoByte, 0xc3, Column.None, ANY_DIGIT, Form.Memory)
    .of(Operand.M, Operand.G)
    .sizes(
      (c, o) => move<u32>(c, o),
      (c, o) => move<u32>(c, o),
      (c, o) => move<u64>(c, o),
    );
}

function moveRowPair(
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
    (c, o) => move<u8>(c, o),
    (c, o) => move<u16>(c, o),
    (c, o) => move<u32>(c, o),
    (c, o) => move<u64>(c, o),
  );
}

function move<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  return cpu.write<T>(op, load<T>(source));
}
