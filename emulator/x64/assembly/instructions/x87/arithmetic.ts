// FADD, FMUL, FSUB, FSUBR, FDIV, FDIVR with their P and I forms, FSQRT.
import { add } from "../../float/add";
import { divide } from "../../float/divide";
import { FloatUnit, x87Unit } from "../../float/float-unit";
import { unpackInteger } from "../../float/integer";
import { multiply } from "../../float/multiply";
import { squareRoot } from "../../float/square-root";
import { unpackBinary, unpackExtended } from "../../float/unpack";
import { Unpacked } from "../../float/unpacked";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { X87 } from "./registers";
import { memoryRow, registerRow, stackRows } from "./rows";

export function arithmeticRows(): void {
  for (let digit = 0; digit < 8; digit++) {
    // FCOM and FCOMP are in compare.ts.
    if (digit == 2 || digit == 3) continue;
    memoryRow(0xd8, digit).does((c, o) => withFloat<u32>(c, o));
    memoryRow(0xdc, digit).does((c, o) => withFloat<u64>(c, o));
    memoryRow(0xda, digit).does((c, o) => withInteger<i32>(c, o));
    memoryRow(0xde, digit).does((c, o) => withInteger<i16>(c, o));
    const modRm = 0xc0 + digit * 8;
    stackRows(0xd8, modRm, (c, o) => withRegister(c, o, 0, 0));
    stackRows(0xdc, modRm, (c, o) => withRegister(c, o, o.rm & 7, 0));
    stackRows(0xde, modRm, (c, o) => withRegister(c, o, o.rm & 7, 1));
  }
  registerRow(0xd9, 0xfa).does(fsqrt);
}

/** r of a = ST(0) and b = the other operand; the opcode's digit says what. */
function compute(unit: FloatUnit, digit: u32): void {
  if ((digit & 1) != 0 && digit != 1) swap(unit.a, unit.b);
  switch (digit) {
    case 0:
      add(unit, 0);
      break;
    case 1:
      multiply(unit);
      break;
    case 4:
    case 5:
      add(unit, 1);
      break;
    default:
      divide(unit);
  }
}

function swap(a: Unpacked, b: Unpacked): void {
  const r = x87Unit.r;
  r.copyFrom(a);
  a.copyFrom(b);
  b.copyFrom(r);
}

function withFloat<T>(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  unpackBinary<T>(x87Unit, x87Unit.b, load<T>(source));
  return finish(cpu, op);
}

function withInteger<T>(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  unpackInteger(x87Unit.b, <i64>load<T>(source));
  return finish(cpu, op);
}

function finish(cpu: Processor, op: Operation): i32 {
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  compute(x87Unit, op.reg & 7);
  return X87.put(cpu, op, 0, x87Unit.precision, 0);
}

/** ST(target) = ST(0) with ST(i). With ST(i) as the target, the manual's names of digits 4 to 7 change. */
function withRegister(cpu: Processor, op: Operation, target: u32, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, i)) return X87.underflow(cpu, op, target, pops);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  unpackExtended(x87Unit.b, X87.st(cpu, i));
  compute(x87Unit, op.reg & 7);
  return X87.put(cpu, op, target, x87Unit.precision, pops);
}

function fsqrt(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  squareRoot(x87Unit);
  return X87.put(cpu, op, 0, x87Unit.precision, 0);
}
