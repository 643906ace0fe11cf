// CMOVcc.
import { Attribute, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { condition } from "../flags/conditions";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function conditionalMoveRows(): void {
  for (let code = 0; code < 16; code++) {
    opcode(OpcodeMap.TwoByte, 0x40 + code)
      .of(Operand.G, Operand.E)
      .with(Attribute.Condition)
      .sizes(
        (c, o) => moveIf<u16>(c, o),
        (c, o) => moveIf<u32>(c, o),
        (c, o) => moveIf<u64>(c, o),
      );
  }
}

/** The source is read and the upper half of a register is cleared even if nothing is moved. */
function moveIf<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  const from = condition(cpu, op.reg) ? source : op.destination;
  cpu.setRegister<T>(op.destination, load<T>(from));
  return After.Next;
}
