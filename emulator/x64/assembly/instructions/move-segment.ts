// MOV of segment registers.
import { Attribute, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { Branch } from "../run/branch";
import { loadSegment } from "../segments/load-segment";
import { After } from "../state/after";
import { Shadow } from "../state/event";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";

export function moveSegmentRows(): void {
  opcode(OpcodeMap.OneByte, 0x8c)
    .of(Operand.E)
    .sizes(
      (c, o) => moveFromSegment<u16>(c, o),
      (c, o) => moveFromSegment<u32>(c, o),
      (c, o) => moveFromSegment<u64>(c, o),
    );
  // REX.R is ignored: there are six of them.
  opcode(OpcodeMap.OneByte, 0x8e)
    .of(Operand.None, Operand.E)
    .with(Attribute.EndsBlock)
    .does((c, o) => moveToSegment(c, o));
}

/** A register is written in the operands' size, memory always as 16 bits. */
function moveFromSegment<T>(cpu: Processor, op: Operation): i32 {
  const name = <SegmentName>(op.reg & 7);
  if (name > SegmentName.Gs) return cpu.raise(Vector.InvalidOpcode);
  const selector = cpu.segment(name).selector;
  if (op.destination == 0) return cpu.write<u16>(op, selector);
  return cpu.write<T>(op, <T>selector);
}

function moveToSegment(cpu: Processor, op: Operation): i32 {
  const name = <SegmentName>(op.reg & 7);
  if (name > SegmentName.Gs || name == SegmentName.Cs) return cpu.raise(Vector.InvalidOpcode);
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  if (!loadSegment(cpu, name, load<u16>(source))) return After.Fault;
  if (name == SegmentName.Ss) holdInterrupts(cpu, op);
  return Branch.over(cpu, op);
}

/** The instruction behind one that loads SS loads ESP: nothing comes between them. */
export function holdInterrupts(cpu: Processor, op: Operation): void {
  cpu.shadow = Shadow.All;
  cpu.shadowRip = Branch.next(cpu, op);
}
