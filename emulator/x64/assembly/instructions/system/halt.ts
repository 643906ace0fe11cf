// HLT.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { Attention } from "../../exceptions/attention";
import { Branch } from "../../run/branch";
import { After, Stop } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";

export function haltRows(): void {
  opcode(OpcodeMap.OneByte, 0xf4)
    .with(Attribute.EndsBlock | Attribute.Privileged)
    .does((c, o) => halt(c, o));
}

/** Who runs a processor that has halted goes on behind HLT: that is for who knows what woke it. */
function halt(cpu: Processor, op: Operation): i32 {
  if ((cpu.attention & (Attention.Interrupt | Attention.Nmi)) != 0) return Branch.over(cpu, op);
  cpu.stop = Stop.Halt;
  return After.Stop;
}
