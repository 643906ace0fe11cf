// INT n, INT3, INT1, INTO: exceptions that a program asks for.
import { Attribute, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { raiseSoftware } from "../../exceptions/deliver";
import { overflow } from "../../flags/lazy-flags";
import { Branch } from "../../run/branch";
import { EventKind } from "../../state/event";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

export function interruptRows(): void {
  const one = OpcodeMap.OneByte;
  opcode(one, 0xcc)
    .with(Attribute.EndsBlock)
    .does((c, o) => raiseSoftware(c, o, Vector.Breakpoint, EventKind.Software));
  opcode(one, 0xcd)
    .of(Operand.None, Operand.None, Immediate.U8)
    .with(Attribute.EndsBlock)
    .does((c, o) => raiseSoftware(c, o, <u32>o.immediate, EventKind.Software));
  opcode(one, 0xce)
    .with(Attribute.EndsBlock | Attribute.Not64)
    .does((c, o) => interruptOnOverflow(c, o));
  opcode(one, 0xf1)
    .with(Attribute.EndsBlock)
    .does((c, o) => raiseSoftware(c, o, Vector.Debug, EventKind.SoftwareDebug));
}

function interruptOnOverflow(cpu: Processor, op: Operation): i32 {
  if (!overflow(cpu)) return Branch.over(cpu, op);
  return raiseSoftware(cpu, op, Vector.Overflow, EventKind.Software);
}
