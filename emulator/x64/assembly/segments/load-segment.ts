// Loading of DS, ES, FS, GS and SS: SDM vol. 2B, MOV; vol. 3A, 5.6 and 5.7.
import { updateMode } from "../state/mode";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";
import { Descriptor } from "./descriptor";
import { DescriptorTable, markAccessed } from "./descriptor-table";

/**
 * Loads a segment register other than CS. In code that is not 64-bit this may change how the
 * following instructions are decoded: the block has to end.
 * @returns false: a fault is pending, and nothing has changed
 */
export function loadSegment(cpu: Processor, name: SegmentName, selector: u32): bool {
  const isLoaded =
    name == SegmentName.Ss ? loadStack(cpu, selector) : loadData(cpu, name, selector);
  if (isLoaded) updateMode(cpu);
  return isLoaded;
}

function loadData(cpu: Processor, name: SegmentName, selector: u32): bool {
  const segment = cpu.segment(name);
  if ((selector & ~3) == 0) {
    // The base becomes 0, as Intel's processors do it; AMD's keep it.
    Descriptor.fillNull(segment, <u16>selector);
    return true;
  }
  const address = DescriptorTable.find(cpu, selector, 8);
  if (address == DescriptorTable.OUTSIDE) return refuse(cpu, selector);
  const place = DescriptorTable.readAt(cpu, address);
  if (place == 0) return false;
  const descriptor = load<u64>(place);
  if (!Descriptor.isReadable(descriptor)) return refuse(cpu, selector);
  if (!(Descriptor.isCode(descriptor) && Descriptor.isConforming(descriptor))) {
    const privilege = Descriptor.privilege(descriptor);
    if ((selector & 3) > privilege || cpu.cpl > privilege) return refuse(cpu, selector);
  }
  if (!Descriptor.isPresent(descriptor)) {
    cpu.raise(Vector.SegmentNotPresent, selector & 0xfffc);
    return false;
  }
  if (!markAccessed(cpu, address, descriptor)) return false;
  Descriptor.fill(segment, <u16>selector, descriptor);
  return true;
}

function loadStack(cpu: Processor, selector: u32): bool {
  if ((selector & ~3) == 0 && mayBeNull(cpu, selector, cpu.cpl, cpu.isLongCode)) {
    Descriptor.fillNull(cpu.segment(SegmentName.Ss), <u16>selector);
    return true;
  }
  const descriptor = stackDescriptor(cpu, selector, cpu.cpl);
  if (descriptor == 0) return false;
  if (!markAccessed(cpu, DescriptorTable.find(cpu, selector, 8), descriptor)) return false;
  Descriptor.fill(cpu.segment(SegmentName.Ss), <u16>selector, descriptor);
  return true;
}

/** 64-bit code needs no stack segment, but at CPL 3 (SDM vol. 3A, 5.4.1.1). */
export function mayBeNull(cpu: Processor, selector: u32, cpl: u32, isLongCode: bool): bool {
  return isLongCode && cpl != 3 && (selector & 3) == cpl;
}

/** @returns the descriptor of a stack segment that may be loaded at that CPL; 0: a fault is pending */
export function stackDescriptor(cpu: Processor, selector: u32, cpl: u32): u64 {
  if ((selector & ~3) == 0) {
    cpu.raise(Vector.GeneralProtection);
    return 0;
  }
  const address = DescriptorTable.find(cpu, selector, 8);
  if (address == DescriptorTable.OUTSIDE || (selector & 3) != cpl) {
    refuse(cpu, selector);
    return 0;
  }
  const place = DescriptorTable.readAt(cpu, address);
  if (place == 0) return 0;
  const descriptor = load<u64>(place);
  if (!Descriptor.isWritableData(descriptor) || Descriptor.privilege(descriptor) != cpl) {
    refuse(cpu, selector);
    return 0;
  }
  if (!Descriptor.isPresent(descriptor)) {
    cpu.raise(Vector.StackFault, selector & 0xfffc);
    return 0;
  }
  return descriptor;
}

function refuse(cpu: Processor, selector: u32): bool {
  cpu.raise(Vector.GeneralProtection, selector & 0xfffc);
  return false;
}
