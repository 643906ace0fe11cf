import { BlockMode } from "../blocks/block";
import { Tlb } from "../memory/tlb";
import { Cr0, Cr4 } from "./control";
import { Processor } from "./processor";
import { Flag } from "./rflags";
import { SegmentBits, SegmentName } from "./segment";

/**
 * Brings what is derived up to date: to be called when CS, CPL, RFLAGS.AC, CR0.AM, CR4.SMAP or a
 * segment's base or limit has changed.
 */
export function updateMode(cpu: Processor): void {
  cpu.blockMode = blockModeOf(cpu);
  // What was found by RIP may lie elsewhere, with another base of CS.
  if ((cpu.blockMode & BlockMode.Segmented) != 0) cpu.linkGeneration++;
  cpu.tlb = cpu.tlbs + Tlb.TABLE_BYTES * tableOf(cpu);
}

function blockModeOf(cpu: Processor): u32 {
  const code = cpu.segment(SegmentName.Cs).attributes;
  const privilege: u32 = cpu.cpl != 0 ? BlockMode.Unprivileged : 0;
  if ((code & SegmentBits.Long) != 0) return BlockMode.Long | privilege;
  const size: u32 = (code & SegmentBits.Big) != 0 ? BlockMode.Default32 : 0;
  return size | privilege | (isFlat(cpu) ? 0 : BlockMode.Segmented);
}

function isFlat(cpu: Processor): bool {
  for (let name = 0; name <= SegmentName.Ds; name++) {
    const segment = cpu.segment(name);
    if (segment.base != 0 || segment.limit != 0xffffffff) return false;
    const big = SegmentBits.Present | (name == SegmentName.Cs ? 0 : SegmentBits.Writable);
    if ((segment.attributes & big) != big) return false;
  }
  return true;
}

function tableOf(cpu: Processor): u32 {
  const isChecking = (cpu.flags & Flag.AlignmentCheck) != 0;
  if (cpu.cpl == 3) {
    const isAligned = isChecking && (cpu.cr0 & Cr0.AlignmentMask) != 0;
    return isAligned ? Tlb.USER_ALIGNED : Tlb.USER;
  }
  const isOpen = isChecking && (cpu.cr4 & Cr4.SupervisorAccessPrevention) != 0;
  return isOpen ? Tlb.SUPERVISOR_AC : Tlb.SUPERVISOR;
}
