// SETcc.
import { Attribute, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { condition } from "../flags/conditions";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function setConditionRows(): void {
  for (let code = 0; code < 16; code++) {
    opcode(OpcodeMap.TwoByte, 0x90 + code)
      .of(Operand.Eb)
      .with(Attribute.Condition)
      .does((c, o) => setIf(c, o));
  }
}

function setIf(cpu: Processor, op: Operation): i32 {
  return cpu.write<u8>(op, <u8>condition(cpu, op.reg));
}
