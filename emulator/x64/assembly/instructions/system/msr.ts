// RDMSR, WRMSR: SDM vol. 4, chapter 2.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { Canonical } from "../../memory/page-walk";
import { flushTlb } from "../../memory/tlb";
import { Branch } from "../../run/branch";
import { instructionsBefore } from "../../run/instruction-count";
import { After } from "../../state/after";
import { Efer } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { SegmentName } from "../../state/segment";
import { Vector } from "../../state/vectors";

enum Msr {
  TimeStampCounter = 0x10,
  ArchitecturalCapabilities = 0x10a,
  SysenterCs = 0x174,
  SysenterEsp = 0x175,
  SysenterEip = 0x176,
  Pat = 0x277,
  Efer = 0xc0000080,
  Star = 0xc0000081,
  Lstar = 0xc0000082,
  Cstar = 0xc0000083,
  Sfmask = 0xc0000084,
  FsBase = 0xc0000100,
  GsBase = 0xc0000101,
  KernelGsBase = 0xc0000102,
  TscAux = 0xc0000103,
}

/**
 * What speculation gives away on other processors: nothing speculates here. RDCL_NO,
 * SKIP_L1DFL_VMENTRY, SSB_NO, MDS_NO, IF_PSCHANGE_MC_NO, TAA_NO, SBDR_SSDP_NO, FBSDP_NO, PSDP_NO,
 * BHI_NO, PBRSB_NO, GDS_NO, RFDS_NO.
 */
const CAPABILITIES: u64 =
  (1 << 0) |
  (1 << 3) |
  (1 << 4) |
  (1 << 5) |
  (1 << 6) |
  (1 << 8) |
  (1 << 13) |
  (1 << 14) |
  (1 << 15) |
  (1 << 20) |
  (1 << 24) |
  (1 << 26) |
  (1 << 27);

export function msrRows(): void {
  opcode(OpcodeMap.TwoByte, 0x30)
    .with(Attribute.Privileged | Attribute.EndsBlock)
    .does((c, o) => writeMsr(c, o));
  opcode(OpcodeMap.TwoByte, 0x32)
    .with(Attribute.Privileged)
    .does((c, o) => readMsr(c, o));
}

function readMsr(cpu: Processor, op: Operation): i32 {
  let value: u64;
  switch (<u32>cpu.rcx) {
    case Msr.TimeStampCounter:
      value = instructionsBefore(cpu, op) + cpu.tscOffset;
      break;
    case Msr.ArchitecturalCapabilities:
      value = CAPABILITIES;
      break;
    case Msr.SysenterCs:
      value = cpu.sysenterCs;
      break;
    case Msr.SysenterEsp:
      value = cpu.sysenterEsp;
      break;
    case Msr.SysenterEip:
      value = cpu.sysenterEip;
      break;
    case Msr.Pat:
      value = cpu.pat;
      break;
    case Msr.Efer:
      value = cpu.efer;
      break;
    case Msr.Star:
      value = cpu.star;
      break;
    case Msr.Lstar:
      value = cpu.lstar;
      break;
    case Msr.Cstar:
      value = cpu.cstar;
      break;
    case Msr.Sfmask:
      value = cpu.sfmask;
      break;
    case Msr.FsBase:
      value = cpu.segment(SegmentName.Fs).base;
      break;
    case Msr.GsBase:
      value = cpu.segment(SegmentName.Gs).base;
      break;
    case Msr.KernelGsBase:
      value = cpu.kernelGsBase;
      break;
    case Msr.TscAux:
      value = cpu.tscAux;
      break;
    default:
      return cpu.raise(Vector.GeneralProtection);
  }
  cpu.rax = value & 0xffffffff;
  cpu.rdx = value >> 32;
  return After.Next;
}

function writeMsr(cpu: Processor, op: Operation): i32 {
  const value = (cpu.rax & 0xffffffff) | (cpu.rdx << 32);
  let isAllowed = true;
  switch (<u32>cpu.rcx) {
    case Msr.TimeStampCounter:
      cpu.tscOffset = value - instructionsBefore(cpu, op);
      break;
    case Msr.SysenterCs:
      // Only its lower half is there.
      cpu.sysenterCs = value & 0xffffffff;
      break;
    case Msr.SysenterEsp:
      isAllowed = Canonical.is(value);
      if (isAllowed) cpu.sysenterEsp = value;
      break;
    case Msr.SysenterEip:
      isAllowed = Canonical.is(value);
      if (isAllowed) cpu.sysenterEip = value;
      break;
    case Msr.Pat:
      isAllowed = isPat(value);
      if (isAllowed) cpu.pat = value;
      break;
    case Msr.Efer:
      isAllowed = writeEfer(cpu, value);
      break;
    case Msr.Star:
      cpu.star = value;
      break;
    case Msr.Lstar:
      isAllowed = Canonical.is(value);
      if (isAllowed) cpu.lstar = value;
      break;
    case Msr.Cstar:
      isAllowed = Canonical.is(value);
      if (isAllowed) cpu.cstar = value;
      break;
    case Msr.Sfmask:
      isAllowed = value >> 32 == 0;
      if (isAllowed) cpu.sfmask = value;
      break;
    case Msr.FsBase:
      isAllowed = Canonical.is(value);
      if (isAllowed) cpu.segment(SegmentName.Fs).base = value;
      break;
    case Msr.GsBase:
      isAllowed = Canonical.is(value);
      if (isAllowed) cpu.segment(SegmentName.Gs).base = value;
      break;
    case Msr.KernelGsBase:
      isAllowed = Canonical.is(value);
      if (isAllowed) cpu.kernelGsBase = value;
      break;
    case Msr.TscAux:
      isAllowed = value >> 32 == 0;
      if (isAllowed) cpu.tscAux = value;
      break;
    default:
      isAllowed = false;
  }
  return isAllowed ? Branch.over(cpu, op) : cpu.raise(Vector.GeneralProtection);
}

/** Each byte is one of the memory types 0, 1, 4, 5, 6, 7 (SDM vol. 3A, 11.12.2). */
function isPat(value: u64): bool {
  for (let shift: u64 = 0; shift < 64; shift += 8) {
    const type = (value >> shift) & 0xff;
    if (type > 7 || type == 2 || type == 3) return false;
  }
  return true;
}

function writeEfer(cpu: Processor, value: u64): bool {
  const writable = Efer.SystemCall | Efer.LongModeEnable | Efer.NoExecuteEnable;
  // LMA only tells what mode it is: a write of it is ignored.
  if ((value & ~(<u64>(writable | Efer.LongModeActive))) != 0) return false;
  const efer = (<u32>value & writable) | Efer.LongModeActive;
  // LME cannot be cleared while paging is on (SDM vol. 3A, 9.8.5).
  if ((efer & Efer.LongModeEnable) == 0) return false;
  const changed = cpu.efer ^ efer;
  cpu.efer = efer;
  if ((changed & Efer.NoExecuteEnable) != 0) flushTlb(cpu, true);
  return true;
}
