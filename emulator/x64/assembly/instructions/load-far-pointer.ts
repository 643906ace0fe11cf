// LES, LDS, LSS, LFS, LGS: a general register and a segment register from memory.
import {
  ANY_DIGIT,
  Attribute,
  Column,
  Form,
  OpcodeMap,
  Operand,
  opcode,
} from "../decode/opcode-map";
import { slowAddress } from "../memory/address";
import { Branch } from "../run/branch";
import { loadSegment } from "../segments/load-segment";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";

export function loadFarPointerRows(): void {
  opcode(OpcodeMap.OneByte, 0xc4, Column.Any, ANY_DIGIT, Form.Memory)
    .of(Operand.G, Operand.M)
    .with(Attribute.Not64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => loadFarPointer<u16>(c, o, SegmentName.Es),
      (c, o) => loadFarPointer<u32>(c, o, SegmentName.Es),
      (c, o) => loadFarPointer<u64>(c, o, SegmentName.Es),
    );
  opcode(OpcodeMap.OneByte, 0xc5, Column.Any, ANY_DIGIT, Form.Memory)
    .of(Operand.G, Operand.M)
    .with(Attribute.Not64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => loadFarPointer<u16>(c, o, SegmentName.Ds),
      (c, o) => loadFarPointer<u32>(c, o, SegmentName.Ds),
      (c, o) => loadFarPointer<u64>(c, o, SegmentName.Ds),
    );
  opcode(OpcodeMap.TwoByte, 0xb2, Column.Any, ANY_DIGIT, Form.Memory)
    .of(Operand.G, Operand.M)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => loadFarPointer<u16>(c, o, SegmentName.Ss),
      (c, o) => loadFarPointer<u32>(c, o, SegmentName.Ss),
      (c, o) => loadFarPointer<u64>(c, o, SegmentName.Ss),
    );
  opcode(OpcodeMap.TwoByte, 0xb4, Column.Any, ANY_DIGIT, Form.Memory)
    .of(Operand.G, Operand.M)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => loadFarPointer<u16>(c, o, SegmentName.Fs),
      (c, o) => loadFarPointer<u32>(c, o, SegmentName.Fs),
      (c, o) => loadFarPointer<u64>(c, o, SegmentName.Fs),
    );
  opcode(OpcodeMap.TwoByte, 0xb5, Column.Any, ANY_DIGIT, Form.Memory)
    .of(Operand.G, Operand.M)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => loadFarPointer<u16>(c, o, SegmentName.Gs),
      (c, o) => loadFarPointer<u32>(c, o, SegmentName.Gs),
      (c, o) => loadFarPointer<u64>(c, o, SegmentName.Gs),
    );
}

/** The offset lies in memory, and the selector behind it. */
function loadFarPointer<T>(cpu: Processor, op: Operation, name: SegmentName): i32 {
  const first = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (first == 0) return After.Fault;
  const offset = load<T>(first);
  const second = cpu.readAt<u16>(slowAddress(cpu, op, sizeof<T>(), 2));
  if (second == 0) return After.Fault;
  if (!loadSegment(cpu, name, load<u16>(second))) return After.Fault;
  cpu.setRegister<T>(op.destination, offset);
  return Branch.over(cpu, op);
}
