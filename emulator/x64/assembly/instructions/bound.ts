// BOUND: 64-bit code does not have it. INTO is in system/.
import {
  ANY_DIGIT,
  Attribute,
  Column,
  Form,
  OpcodeMap,
  Operand,
  opcode,
} from "../decode/opcode-map";
import { slowAddress } from "../memory/address";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";

export function boundRows(): void {
  opcode(OpcodeMap.OneByte, 0x62, Column.Any, ANY_DIGIT, Form.Memory)
    .of(Operand.G, Operand.M)
    .with(Attribute.Not64)
    .sizes(
      (c, o) => checkBounds<i16>(c, o),
      (c, o) => checkBounds<i32>(c, o),
      (c, o) => checkBounds<i32>(c, o),
    );
}

/** The lower bound lies in memory, and behind it the upper one; both are allowed. */
function checkBounds<T>(cpu: Processor, op: Operation): i32 {
  const lowest = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (lowest == 0) return After.Fault;
  const lower = load<T>(lowest);
  const highest = cpu.readAt<T>(slowAddress(cpu, op, sizeof<T>(), sizeof<T>()));
  if (highest == 0) return After.Fault;
  const index = load<T>(op.destination);
  const isInside = index >= lower && index <= load<T>(highest);
  return isInside ? After.Next : cpu.raise(Vector.BoundRange);
}
