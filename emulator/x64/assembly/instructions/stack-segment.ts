// PUSH and POP of segment registers.
import { Attribute, OpcodeMap, opcode } from "../decode/opcode-map";
import { Branch } from "../run/branch";
import { loadSegment } from "../segments/load-segment";
import { Stack } from "../stack/stack";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { holdInterrupts } from "./move-segment";

export function stackSegmentRows(): void {
  opcode(OpcodeMap.OneByte, 0x06)
    .with(Attribute.Not64)
    .sizes(
      (c, o) => push<u16>(c, o, SegmentName.Es),
      (c, o) => push<u32>(c, o, SegmentName.Es),
      (c, o) => push<u64>(c, o, SegmentName.Es),
    );
  opcode(OpcodeMap.OneByte, 0x0e)
    .with(Attribute.Not64)
    .sizes(
      (c, o) => push<u16>(c, o, SegmentName.Cs),
      (c, o) => push<u32>(c, o, SegmentName.Cs),
      (c, o) => push<u64>(c, o, SegmentName.Cs),
    );
  opcode(OpcodeMap.OneByte, 0x16)
    .with(Attribute.Not64)
    .sizes(
      (c, o) => push<u16>(c, o, SegmentName.Ss),
      (c, o) => push<u32>(c, o, SegmentName.Ss),
      (c, o) => push<u64>(c, o, SegmentName.Ss),
    );
  opcode(OpcodeMap.OneByte, 0x1e)
    .with(Attribute.Not64)
    .sizes(
      (c, o) => push<u16>(c, o, SegmentName.Ds),
      (c, o) => push<u32>(c, o, SegmentName.Ds),
      (c, o) => push<u64>(c, o, SegmentName.Ds),
    );
  opcode(OpcodeMap.TwoByte, 0xa0)
    .with(Attribute.Default64)
    .sizes(
      (c, o) => push<u16>(c, o, SegmentName.Fs),
      (c, o) => push<u32>(c, o, SegmentName.Fs),
      (c, o) => push<u64>(c, o, SegmentName.Fs),
    );
  opcode(OpcodeMap.TwoByte, 0xa8)
    .with(Attribute.Default64)
    .sizes(
      (c, o) => push<u16>(c, o, SegmentName.Gs),
      (c, o) => push<u32>(c, o, SegmentName.Gs),
      (c, o) => push<u64>(c, o, SegmentName.Gs),
    );
  opcode(OpcodeMap.OneByte, 0x07)
    .with(Attribute.Not64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => pop<u16>(c, o, SegmentName.Es),
      (c, o) => pop<u32>(c, o, SegmentName.Es),
      (c, o) => pop<u64>(c, o, SegmentName.Es),
    );
  opcode(OpcodeMap.OneByte, 0x17)
    .with(Attribute.Not64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => pop<u16>(c, o, SegmentName.Ss),
      (c, o) => pop<u32>(c, o, SegmentName.Ss),
      (c, o) => pop<u64>(c, o, SegmentName.Ss),
    );
  opcode(OpcodeMap.OneByte, 0x1f)
    .with(Attribute.Not64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => pop<u16>(c, o, SegmentName.Ds),
      (c, o) => pop<u32>(c, o, SegmentName.Ds),
      (c, o) => pop<u64>(c, o, SegmentName.Ds),
    );
  opcode(OpcodeMap.TwoByte, 0xa1)
    .with(Attribute.Default64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => pop<u16>(c, o, SegmentName.Fs),
      (c, o) => pop<u32>(c, o, SegmentName.Fs),
      (c, o) => pop<u64>(c, o, SegmentName.Fs),
    );
  opcode(OpcodeMap.TwoByte, 0xa9)
    .with(Attribute.Default64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => pop<u16>(c, o, SegmentName.Gs),
      (c, o) => pop<u32>(c, o, SegmentName.Gs),
      (c, o) => pop<u64>(c, o, SegmentName.Gs),
    );
}

function push<T>(cpu: Processor, op: Operation, name: SegmentName): i32 {
  return Stack.push<T>(cpu, <T>cpu.segment(name).selector) ? After.Next : After.Fault;
}

/** How far the stack moves is known before SS changes. */
function pop<T>(cpu: Processor, op: Operation, name: SegmentName): i32 {
  const top = Stack.top<T>(cpu);
  if (top == 0) return After.Fault;
  const pointer = Stack.moved(cpu, cpu.rsp, sizeof<T>());
  if (!loadSegment(cpu, name, load<u16>(top))) return After.Fault;
  cpu.rsp = pointer;
  if (name == SegmentName.Ss) holdInterrupts(cpu, op);
  return Branch.over(cpu, op);
}
