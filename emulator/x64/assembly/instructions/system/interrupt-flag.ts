// CLI, STI, CLAC, STAC.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { writeFlags } from "../../flags/write-flags";
import { Branch } from "../../run/branch";
import { Shadow } from "../../state/event";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";
import { Vector } from "../../state/vectors";

export function interruptFlagRows(): void {
  opcode(OpcodeMap.OneByte, 0xfa)
    .with(Attribute.EndsBlock)
    .does((c, o) => clearInterrupt(c, o));
  opcode(OpcodeMap.OneByte, 0xfb)
    .with(Attribute.EndsBlock)
    .does((c, o) => setInterrupt(c, o));
  opcode(OpcodeMap.TwoByte01, 0xca)
    .with(Attribute.EndsBlock)
    .does((c, o) => writeAlignmentCheck(c, o, 0));
  opcode(OpcodeMap.TwoByte01, 0xcb)
    .with(Attribute.EndsBlock)
    .does((c, o) => writeAlignmentCheck(c, o, Flag.AlignmentCheck));
}

function mayChangeInterrupt(cpu: Processor): bool {
  return cpu.cpl <= ((<u32>cpu.flags >> 12) & 3);
}

function clearInterrupt(cpu: Processor, op: Operation): i32 {
  if (!mayChangeInterrupt(cpu)) return cpu.raise(Vector.GeneralProtection);
  writeFlags(cpu, 0, Flag.Interrupt);
  return Branch.over(cpu, op);
}

function setInterrupt(cpu: Processor, op: Operation): i32 {
  if (!mayChangeInterrupt(cpu)) return cpu.raise(Vector.GeneralProtection);
  if ((cpu.flags & Flag.Interrupt) == 0) {
    cpu.shadow = Shadow.Interrupts;
    cpu.shadowRip = Branch.next(cpu, op);
    writeFlags(cpu, Flag.Interrupt, Flag.Interrupt);
  }
  return Branch.over(cpu, op);
}

/** For SMAP. No general protection, but #UD for programs (SDM vol. 2A, CLAC). */
function writeAlignmentCheck(cpu: Processor, op: Operation, flag: u32): i32 {
  if (cpu.cpl != 0) return cpu.raise(Vector.InvalidOpcode);
  writeFlags(cpu, flag, Flag.AlignmentCheck);
  return Branch.over(cpu, op);
}
