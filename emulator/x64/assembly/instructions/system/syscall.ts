// SYSCALL, SYSRET, SWAPGS. As Intel has SYSCALL and SYSRET: AMD's processors have SYSCALL in
// compatibility mode, too, and check a return address only when code is fetched from it.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { updateAttention } from "../../exceptions/attention";
import { Dr6 } from "../../exceptions/breakpoints";
import { readFlags } from "../../flags/lazy-flags";
import { writeFlags } from "../../flags/write-flags";
import { Canonical } from "../../memory/page-walk";
import { Branch } from "../../run/branch";
import { enterFlatCode, FlatCode } from "../../segments/flat-segments";
import { After } from "../../state/after";
import { Efer } from "../../state/control";
import { Operation, Prefix } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";
import { SegmentName } from "../../state/segment";
import { Vector } from "../../state/vectors";

/** What SYSRET takes from R11: all flags but RF and VM. */
const RETURNED: u64 = 0x3c7fd7;

export function syscallRows(): void {
  opcode(OpcodeMap.TwoByte, 0x05)
    .with(Attribute.EndsBlock)
    .does((c, o) => systemCall(c, o));
  opcode(OpcodeMap.TwoByte, 0x07)
    .with(Attribute.EndsBlock)
    .does((c, o) => systemReturn(c, o));
  opcode(OpcodeMap.TwoByte01, 0xf8).does((c, o) => swapGs(c, o));
}

function isEnabled(cpu: Processor): bool {
  return cpu.isLongCode && (cpu.efer & Efer.SystemCall) != 0;
}

function systemCall(cpu: Processor, op: Operation): i32 {
  if (!isEnabled(cpu)) return cpu.raise(Vector.InvalidOpcode);
  const flags = readFlags(cpu) & ~(<u64>Flag.Resume);
  cpu.rcx = Branch.next(cpu, op);
  cpu.r11 = flags;
  enterFlatCode(cpu, <u32>(cpu.star >> 32) & 0xfffc, 8, 0, FlatCode.Long);
  cpu.rip = cpu.lstar;
  writeFlags(cpu, flags & ~cpu.sfmask, ~0);
  decideTrap(cpu);
  return After.Jump;
}

function systemReturn(cpu: Processor, op: Operation): i32 {
  if (!isEnabled(cpu)) return cpu.raise(Vector.InvalidOpcode);
  if (cpu.cpl != 0) return cpu.raise(Vector.GeneralProtection);
  const isLong = op.has(Prefix.RexW);
  if (isLong && !Canonical.is(cpu.rcx)) return cpu.raise(Vector.GeneralProtection);
  const base = <u32>(cpu.star >> 48);
  const code = isLong ? base + 16 : base;
  const stack = base + 8;
  enterFlatCode(
    cpu,
    code | 3,
    (stack | 3) - (code | 3),
    3,
    isLong ? FlatCode.Long : FlatCode.Compatible,
  );
  cpu.rip = isLong ? cpu.rcx : cpu.rcx & 0xffffffff;
  writeFlags(cpu, cpu.r11, RETURNED | Flag.Resume);
  decideTrap(cpu);
  return After.Jump;
}

/**
 * A single step traps behind these two if TF is set then: a program that steps does not trap at
 * the system's entry if SFMASK clears it, and traps as soon as it is returned to.
 */
function decideTrap(cpu: Processor): void {
  cpu.hasDecidedTrap = true;
  if ((cpu.flags & Flag.Trap) == 0) return;
  cpu.debugPending |= Dr6.SingleStep;
  updateAttention(cpu);
}

function swapGs(cpu: Processor, op: Operation): i32 {
  if (!cpu.isLongCode) return cpu.raise(Vector.InvalidOpcode);
  if (cpu.cpl != 0) return cpu.raise(Vector.GeneralProtection);
  const gs = cpu.segment(SegmentName.Gs);
  const base = gs.base;
  gs.base = cpu.kernelGsBase;
  cpu.kernelGsBase = base;
  return After.Next;
}
