// NOP with an operand, the hints that are none here, fences, CLFLUSH, PREFETCH.
import { Attribute, Column, Form, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function noOperationRows(): void {
  const two = OpcodeMap.TwoByte;
  // PREFETCHh, ENDBR, and what is reserved for more hints; 0D is AMD's PREFETCHW.
  opcode(two, 0x0d)
    .with(Attribute.HasModRm)
    .does((c, o) => doNothing(c, o));
  for (let byte = 0x18; byte <= 0x1f; byte++) {
    opcode(two, byte)
      .with(Attribute.HasModRm)
      .does((c, o) => doNothing(c, o));
  }
  // LFENCE, MFENCE, SFENCE: one processor runs at a time, and in order.
  for (let digit = 5; digit < 8; digit++) {
    opcode(two, 0xae, Column.None, digit, Form.Register).does((c, o) => doNothing(c, o));
  }
  opcode(two, 0xae, Column.None, 7, Form.Memory)
    .of(Operand.None, Operand.M)
    .does((c, o) => flushLine(c, o));
}

function doNothing(cpu: Processor, op: Operation): i32 {
  return After.Next;
}

/** CLFLUSH has the faults of a byte that is read. */
function flushLine(cpu: Processor, op: Operation): i32 {
  return cpu.readAt<u8>(cpu.address(op)) == 0 ? After.Fault : After.Next;
}
