// FCOM, FUCOM and FICOM with their P and PP forms, FCOMI, FUCOMI, FTST, FXAM.

import { replaceFlags } from "../../flags/replace-flags";
import { compare, EQUAL, LESS, UNORDERED } from "../../float/compare";
import { FloatUnit, x87Unit } from "../../float/float-unit";
import { unpackInteger } from "../../float/integer";
import { unpackBinary, unpackExtended } from "../../float/unpack";
import { DENORMAL, FINITE, INFINITE, UNSUPPORTED, ZERO } from "../../float/unpacked";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { ARITHMETIC, Flag } from "../../state/rflags";
import { noteException } from "./exception";
import { Status, X87 } from "./registers";
import { memoryRow, registerRow, stackRows } from "./rows";

export function compareRows(): void {
  memoryRow(0xd8, 2).does((c, o) => withFloat<u32>(c, o, 0));
  memoryRow(0xd8, 3).does((c, o) => withFloat<u32>(c, o, 1));
  memoryRow(0xdc, 2).does((c, o) => withFloat<u64>(c, o, 0));
  memoryRow(0xdc, 3).does((c, o) => withFloat<u64>(c, o, 1));
  memoryRow(0xda, 2).does((c, o) => withInteger<i32>(c, o, 0));
  memoryRow(0xda, 3).does((c, o) => withInteger<i32>(c, o, 1));
  memoryRow(0xde, 2).does((c, o) => withInteger<i16>(c, o, 0));
  memoryRow(0xde, 3).does((c, o) => withInteger<i16>(c, o, 1));
  stackRows(0xd8, 0xd0, (c, o) => withRegister(c, o, true, 0));
  stackRows(0xd8, 0xd8, (c, o) => withRegister(c, o, true, 1));
  // Not in the manual's text, but in every processor: the same at DC D0, DC D8 and DE D0.
  stackRows(0xdc, 0xd0, (c, o) => withRegister(c, o, true, 0));
  stackRows(0xdc, 0xd8, (c, o) => withRegister(c, o, true, 1));
  stackRows(0xde, 0xd0, (c, o) => withRegister(c, o, true, 1));
  registerRow(0xde, 0xd9).does((c, o) => withRegister(c, o, true, 2));
  stackRows(0xdd, 0xe0, (c, o) => withRegister(c, o, false, 0));
  stackRows(0xdd, 0xe8, (c, o) => withRegister(c, o, false, 1));
  registerRow(0xda, 0xe9).does((c, o) => withRegister(c, o, false, 2));
  stackRows(0xdb, 0xe8, (c, o) => toFlags(c, o, false, 0));
  stackRows(0xdb, 0xf0, (c, o) => toFlags(c, o, true, 0));
  stackRows(0xdf, 0xe8, (c, o) => toFlags(c, o, false, 1));
  stackRows(0xdf, 0xf0, (c, o) => toFlags(c, o, true, 1));
  registerRow(0xd9, 0xe4).does(ftst);
  registerRow(0xd9, 0xe5).does(fxam);
}

/** SDM vol. 2A, FCOM: C0 is less, C3 equal, all three unordered. */
function conditions(relation: i32): u32 {
  if (relation == UNORDERED) return Status.C0 | Status.C2 | Status.C3;
  return relation == LESS ? <u32>Status.C0 : relation == EQUAL ? <u32>Status.C3 : 0;
}

/** Compares a = ST(0) with b, into the condition codes. */
function finish(cpu: Processor, op: Operation, signals: bool, pops: u32): i32 {
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  const codes = conditions(compare(x87Unit, signals));
  if (x87Unit.hasResult()) X87.popTimes(cpu, pops);
  return X87.endWithConditions(cpu, op, codes);
}

/** Of an empty register: masked, unordered. */
function underflow(cpu: Processor, op: Operation, pops: u32): i32 {
  const isMasked = X87.stackFault(cpu, op, false);
  cpu.floatStatus |= <u16>conditions(UNORDERED);
  if (isMasked) X87.popTimes(cpu, pops);
  return After.Next;
}

function withFloat<T>(cpu: Processor, op: Operation, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  if (!X87.isFull(cpu, 0)) return underflow(cpu, op, pops);
  unpackBinary<T>(x87Unit, x87Unit.b, load<T>(source));
  return finish(cpu, op, true, pops);
}

function withInteger<T>(cpu: Processor, op: Operation, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  if (!X87.isFull(cpu, 0)) return underflow(cpu, op, pops);
  unpackInteger(x87Unit.b, <i64>load<T>(source));
  return finish(cpu, op, true, pops);
}

function withRegister(cpu: Processor, op: Operation, signals: bool, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, i)) return underflow(cpu, op, pops);
  unpackExtended(x87Unit.b, X87.st(cpu, i));
  return finish(cpu, op, signals, pops);
}

function ftst(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0)) return underflow(cpu, op, 0);
  x87Unit.b.setZero(0);
  return finish(cpu, op, true, 0);
}

/** FCOMI and FUCOMI: ZF, PF and CF in the place of C3, C2 and C0; OF, SF and AF are cleared. */
function toFlags(cpu: Processor, op: Operation, signals: bool, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  let relation: i32 = UNORDERED;
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, i)) {
    if (X87.stackFault(cpu, op, false)) X87.popTimes(cpu, pops);
  } else {
    unpackExtended(x87Unit.a, X87.st(cpu, 0));
    unpackExtended(x87Unit.b, X87.st(cpu, i));
    relation = compare(x87Unit, signals);
    if (x87Unit.hasResult()) X87.popTimes(cpu, pops);
    // C1 stays as it is.
    cpu.floatStatus |= <u16>x87Unit.flags;
    if (x87Unit.faults) noteException(cpu, op);
  }
  replaceFlags(cpu, ARITHMETIC, flagsOf(relation));
  return After.Next;
}

function flagsOf(relation: i32): u32 {
  if (relation == UNORDERED) return Flag.Zero | Flag.Parity | Flag.Carry;
  return relation == LESS ? <u32>Flag.Carry : relation == EQUAL ? <u32>Flag.Zero : 0;
}

/** Says what ST(0) is (SDM vol. 2A, FXAM): no exceptions. */
function fxam(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  const sign: u32 = x87Unit.a.sign != 0 ? Status.C1 : 0;
  const kind = X87.isFull(cpu, 0) ? examined(x87Unit) : Status.C3 | Status.C0;
  return X87.endWithConditions(cpu, op, kind | sign);
}

function examined(unit: FloatUnit): u32 {
  switch (unit.a.kind) {
    case UNSUPPORTED:
      return 0;
    case FINITE:
      return Status.C2;
    case DENORMAL:
      return Status.C3 | Status.C2;
    case ZERO:
      return Status.C3;
    case INFINITE:
      return Status.C2 | Status.C0;
    default:
      return Status.C0;
  }
}
