// EMMS: the x87 registers are x87's again.
import { Column, OpcodeMap, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Mmx } from "./operands";

export function emptyRows(): void {
  opcode(OpcodeMap.TwoByte, 0x77, Column.None).does(empty);
}

function empty(cpu: Processor, op: Operation): i32 {
  if (!Mmx.isReady(cpu)) return After.Fault;
  Mmx.enter(cpu);
  cpu.floatTags = 0;
  return After.Next;
}
