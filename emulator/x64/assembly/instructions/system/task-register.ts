// LLDT, SLDT, LTR, STR.
import { Attribute, Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { Canonical } from "../../memory/page-walk";
import { SystemAccess } from "../../memory/system-access";
import { Descriptor, DescriptorType } from "../../segments/descriptor";
import { DescriptorTable } from "../../segments/descriptor-table";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Segment } from "../../state/segment";
import { Vector } from "../../state/vectors";
import { isPrevented } from "./descriptor-table";

export function taskRegisterRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x00, Column.Any, 0)
    .of(Operand.E)
    .sizes(
      (c, o) => storeSelector<u16>(c, o, c.ldt),
      (c, o) => storeSelector<u32>(c, o, c.ldt),
      (c, o) => storeSelector<u64>(c, o, c.ldt),
    );
  opcode(two, 0x00, Column.Any, 1)
    .of(Operand.E)
    .sizes(
      (c, o) => storeSelector<u16>(c, o, c.tr),
      (c, o) => storeSelector<u32>(c, o, c.tr),
      (c, o) => storeSelector<u64>(c, o, c.tr),
    );
  opcode(two, 0x00, Column.Any, 2)
    .of(Operand.None, Operand.E)
    .with(Attribute.Privileged)
    .does((c, o) => loadLocalTable(c, o));
  opcode(two, 0x00, Column.Any, 3)
    .of(Operand.None, Operand.E)
    .with(Attribute.Privileged)
    .does((c, o) => loadTask(c, o));
}

/** A register is written in the operand size, memory always as 16 bits. */
function storeSelector<T>(cpu: Processor, op: Operation, segment: Segment): i32 {
  if (isPrevented(cpu)) return After.Fault;
  const selector = segment.selector;
  if (op.destination != 0) cpu.setRegister<T>(op.destination, <T>selector);
  else if (!cpu.writeAt<u16>(cpu.addressOf<u16>(op, true), selector)) return After.Fault;
  return After.Next;
}

function loadLocalTable(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  const selector = <u32>load<u16>(source);
  if ((selector & ~3) == 0) {
    Descriptor.fillNull(cpu.ldt, <u16>selector);
    return After.Next;
  }
  return loadSystem(cpu, cpu.ldt, selector, DescriptorType.LocalTable) ? After.Next : After.Fault;
}

function loadTask(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  const selector = <u32>load<u16>(source);
  if ((selector & ~3) == 0) return cpu.raise(Vector.GeneralProtection);
  return loadSystem(cpu, cpu.tr, selector, DescriptorType.AvailableTask) ? After.Next : After.Fault;
}

/** Loads LDTR or TR from a descriptor of 16 bytes (SDM vol. 3A, 7.2.3). @returns false: a fault */
function loadSystem(cpu: Processor, segment: Segment, selector: u32, type: u32): bool {
  const isLocal = (selector & 4) != 0;
  const address = DescriptorTable.find(cpu, selector, 16);
  if (isLocal || address == DescriptorTable.OUTSIDE) return refuse(cpu, selector);
  const place = DescriptorTable.readAt(cpu, address);
  if (place == 0) return false;
  const descriptor = load<u64>(place);
  const upperPlace = DescriptorTable.readAt(cpu, address + 8);
  if (upperPlace == 0) return false;
  const upper = load<u64>(upperPlace);
  // The upper half's type has to be 0: it is no descriptor by itself.
  if (Descriptor.systemType(descriptor) != type || (upper & 0x1f0000000000) != 0) {
    return refuse(cpu, selector);
  }
  if (!Descriptor.isPresent(descriptor)) {
    cpu.raise(Vector.SegmentNotPresent, selector & 0xfffc);
    return false;
  }
  const base = Descriptor.base(descriptor) | (upper << 32);
  if (!Canonical.is(base)) return refuse(cpu, selector);
  let attributes = Descriptor.attributes(descriptor);
  if (type == DescriptorType.AvailableTask) {
    if (!markBusy(cpu, address)) return false;
    attributes |= 2;
  }
  segment.base = base;
  segment.limit = Descriptor.limit(descriptor);
  segment.selector = <u16>selector;
  segment.attributes = <u16>attributes;
  return true;
}

function markBusy(cpu: Processor, address: u64): bool {
  const place = SystemAccess.updateAt<u8>(cpu, address + 5);
  if (place == 0) return false;
  store<u8>(place, load<u8>(place) | 2);
  cpu.written(place);
  return true;
}

function refuse(cpu: Processor, selector: u32): bool {
  cpu.raise(Vector.GeneralProtection, selector & 0xfffc);
  return false;
}
