// RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE.
import {
  Attribute,
  Column,
  Form,
  Handler,
  OpcodeMap,
  Operand,
  opcode,
} from "../../decode/opcode-map";
import { Canonical } from "../../memory/page-walk";
import { After } from "../../state/after";
import { Cr4 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { SegmentName } from "../../state/segment";
import { Vector } from "../../state/vectors";

export function segmentBaseRows(): void {
  row(
    0,
    (c, o) => readBase<u32>(c, o, SegmentName.Fs),
    (c, o) => readBase<u64>(c, o, SegmentName.Fs),
  );
  row(
    1,
    (c, o) => readBase<u32>(c, o, SegmentName.Gs),
    (c, o) => readBase<u64>(c, o, SegmentName.Gs),
  );
  row(
    2,
    (c, o) => writeBase<u32>(c, o, SegmentName.Fs),
    (c, o) => writeBase<u64>(c, o, SegmentName.Fs),
  );
  row(
    3,
    (c, o) => writeBase<u32>(c, o, SegmentName.Gs),
    (c, o) => writeBase<u64>(c, o, SegmentName.Gs),
  );
}

function row(digit: i32, handler32: Handler, handler64: Handler): void {
  opcode(OpcodeMap.TwoByte, 0xae, Column.XF3, digit, Form.Register)
    .of(Operand.E)
    .with(Attribute.No16)
    .sizes(handler32, handler32, handler64);
}

function isEnabled(cpu: Processor): bool {
  return cpu.isLongCode && (cpu.cr4 & Cr4.FsGsBase) != 0;
}

function readBase<T>(cpu: Processor, op: Operation, name: SegmentName): i32 {
  if (!isEnabled(cpu)) return cpu.raise(Vector.InvalidOpcode);
  cpu.setRegister<T>(op.destination, <T>cpu.segment(name).base);
  return After.Next;
}

function writeBase<T>(cpu: Processor, op: Operation, name: SegmentName): i32 {
  if (!isEnabled(cpu)) return cpu.raise(Vector.InvalidOpcode);
  const base = <u64>load<T>(op.destination);
  if (!Canonical.is(base)) return cpu.raise(Vector.GeneralProtection);
  cpu.segment(name).base = base;
  return After.Next;
}
