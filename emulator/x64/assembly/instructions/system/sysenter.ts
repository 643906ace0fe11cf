// SYSENTER, SYSEXIT. Intel's processors have them in long mode, AMD's do not.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { writeFlags } from "../../flags/write-flags";
import { Canonical } from "../../memory/page-walk";
import { enterFlatCode, FlatCode } from "../../segments/flat-segments";
import { After } from "../../state/after";
import { Operation, Prefix } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";
import { Vector } from "../../state/vectors";

export function sysenterRows(): void {
  opcode(OpcodeMap.TwoByte, 0x34)
    .with(Attribute.EndsBlock)
    .does((c, o) => enter(c, o));
  opcode(OpcodeMap.TwoByte, 0x35)
    .with(Attribute.EndsBlock | Attribute.Privileged)
    .does((c, o) => exit(c, o));
}

function enter(cpu: Processor, op: Operation): i32 {
  const selector = <u32>cpu.sysenterCs & 0xfffc;
  if (selector == 0) return cpu.raise(Vector.GeneralProtection);
  enterFlatCode(cpu, selector, 8, 0, FlatCode.Long);
  cpu.rip = cpu.sysenterEip;
  cpu.rsp = cpu.sysenterEsp;
  writeFlags(cpu, 0, Flag.Interrupt | Flag.Resume);
  return After.Jump;
}

function exit(cpu: Processor, op: Operation): i32 {
  const selector = <u32>cpu.sysenterCs & 0xfffc;
  if (selector == 0) return cpu.raise(Vector.GeneralProtection);
  if (!op.has(Prefix.RexW)) {
    enterFlatCode(cpu, (selector + 16) | 3, 8, 3, FlatCode.Compatible);
    cpu.rip = cpu.rdx & 0xffffffff;
    cpu.rsp = cpu.rcx & 0xffffffff;
    return After.Jump;
  }
  if (!Canonical.is(cpu.rcx) || !Canonical.is(cpu.rdx)) {
    return cpu.raise(Vector.GeneralProtection);
  }
  enterFlatCode(cpu, (selector + 32) | 3, 8, 3, FlatCode.Long);
  cpu.rip = cpu.rdx;
  cpu.rsp = cpu.rcx;
  return After.Jump;
}
