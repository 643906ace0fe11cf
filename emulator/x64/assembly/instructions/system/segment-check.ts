// LAR, LSL, VERR, VERW: SDM vol. 3A, 5.10. A selector that is refused is no fault, but ZF clear.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { replaceFlags } from "../../flags/replace-flags";
import { Descriptor, DescriptorType } from "../../segments/descriptor";
import { DescriptorTable } from "../../segments/descriptor-table";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";

/** What a selector is asked for. */
enum Question {
  AccessRights = 0,
  Limit = 1,
  Readable = 2,
  Writable = 3,
}

export function segmentCheckRows(): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, 0x02)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => loadRights<u16>(c, o),
      (c, o) => loadRights<u32>(c, o),
      (c, o) => loadRights<u64>(c, o),
    );
  opcode(two, 0x03)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => loadLimit<u16>(c, o),
      (c, o) => loadLimit<u32>(c, o),
      (c, o) => loadLimit<u64>(c, o),
    );
  opcode(two, 0x00, Column.Any, 4)
    .of(Operand.None, Operand.E)
    .does((c, o) => verify(c, o, Question.Readable));
  opcode(two, 0x00, Column.Any, 5)
    .of(Operand.None, Operand.E)
    .does((c, o) => verify(c, o, Question.Writable));
}

function loadRights<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  const place = ask(cpu, load<u16>(source), Question.AccessRights);
  if (place == 0) return After.Fault;
  const descriptor = load<u64>(place);
  const isAllowed = descriptor != 0;
  answer(cpu, isAllowed);
  if (isAllowed) cpu.setRegister<T>(op.destination, <T>((descriptor >> 32) & 0xffff00));
  return After.Next;
}

function loadLimit<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  const place = ask(cpu, load<u16>(source), Question.Limit);
  if (place == 0) return After.Fault;
  const descriptor = load<u64>(place);
  const isAllowed = descriptor != 0;
  answer(cpu, isAllowed);
  if (isAllowed) cpu.setRegister<T>(op.destination, <T>Descriptor.limit(descriptor));
  return After.Next;
}

function verify(cpu: Processor, op: Operation, question: Question): i32 {
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  const place = ask(cpu, load<u16>(source), question);
  if (place == 0) return After.Fault;
  answer(cpu, load<u64>(place) != 0);
  return After.Next;
}

function answer(cpu: Processor, isAllowed: bool): void {
  replaceFlags(cpu, Flag.Zero, isAllowed ? <u32>Flag.Zero : 0);
}

/**
 * Where the descriptor is if the program may know of it, or else a quadword of zeros.
 * @returns 0: a fault is pending
 */
function ask(cpu: Processor, selector: u32, question: Question): usize {
  const nothing = changetype<usize>(cpu) + offsetof<Processor>("zero");
  if ((selector & ~3) == 0) return nothing;
  const address = DescriptorTable.find(cpu, selector, 8);
  if (address == DescriptorTable.OUTSIDE) return nothing;
  const place = DescriptorTable.readAt(cpu, address);
  if (place == 0) return 0;
  const descriptor = load<u64>(place);
  if (!isRightKind(descriptor, question)) return nothing;
  if (Descriptor.isCode(descriptor) && Descriptor.isConforming(descriptor)) return place;
  const privilege = Descriptor.privilege(descriptor);
  return cpu.cpl > privilege || (selector & 3) > privilege ? nothing : place;
}

function isRightKind(descriptor: u64, question: Question): bool {
  if (question == Question.Readable) return Descriptor.isReadable(descriptor);
  if (question == Question.Writable) return Descriptor.isWritableData(descriptor);
  if (Descriptor.isNotSystem(descriptor)) return true;
  const type = Descriptor.systemType(descriptor);
  if (type == DescriptorType.CallGate) return question == Question.AccessRights;
  return (
    type == DescriptorType.LocalTable ||
    type == DescriptorType.AvailableTask ||
    type == DescriptorType.BusyTask
  );
}
