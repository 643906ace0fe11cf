// What of CS is checked before code goes on elsewhere: SDM vol. 3A, 5.8, and vol. 2A, CALL and JMP.
import { Canonical } from "../memory/page-walk";
import { updateMode } from "../state/mode";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";
import { Descriptor } from "./descriptor";
import { DescriptorTable, markAccessed } from "./descriptor-table";

/** @returns a descriptor of any kind that a selector of code names; 0: a fault is pending */
export function targetDescriptor(cpu: Processor, selector: u32): u64 {
  if ((selector & ~3) == 0) {
    cpu.raise(Vector.GeneralProtection);
    return 0;
  }
  const address = DescriptorTable.find(cpu, selector, 8);
  if (address == DescriptorTable.OUTSIDE) return refuseCode(cpu, selector);
  const place = DescriptorTable.readAt(cpu, address);
  if (place == 0) return 0;
  const descriptor = load<u64>(place);
  // Descriptors of all zeros name nothing that code could go to.
  return descriptor != 0 ? descriptor : refuseCode(cpu, selector);
}

/** @returns 0, with #GP of the selector pending */
export function refuseCode(cpu: Processor, selector: u32): u64 {
  cpu.raise(Vector.GeneralProtection, selector & 0xfffc);
  return 0;
}

/** @returns false, with #NP pending, if the segment or gate is not there */
export function checkPresent(cpu: Processor, selector: u32, descriptor: u64): bool {
  if (Descriptor.isPresent(descriptor)) return true;
  cpu.raise(Vector.SegmentNotPresent, selector & 0xfffc);
  return false;
}

/** @returns false, with #GP(0) pending, if the segment has no instruction there */
export function checkOffset(cpu: Processor, descriptor: u64, offset: u64): bool {
  const isInside = Descriptor.is64Bit(descriptor)
    ? Canonical.is(offset)
    : offset <= <u64>Descriptor.limit(descriptor);
  if (!isInside) cpu.raise(Vector.GeneralProtection);
  return isInside;
}

/** Notes the access of a segment that is about to be loaded. @returns false: a fault is pending */
export function touchSegment(cpu: Processor, selector: u32, descriptor: u64): bool {
  return markAccessed(cpu, DescriptorTable.find(cpu, selector, 8), descriptor);
}

/** Goes on in a segment that was checked, at the privilege that `cpu.cpl` has then. */
export function enterCode(
  cpu: Processor,
  selector: u32,
  descriptor: u64,
  offset: u64,
  cpl: u32,
): void {
  cpu.cpl = cpl;
  Descriptor.fill(cpu.segment(SegmentName.Cs), <u16>((selector & ~3) | cpl), descriptor);
  cpu.rip = offset;
  updateMode(cpu);
}
