// F2XM1, FYL2X, FYL2XP1, FPATAN, FSIN, FCOS, FSINCOS, FPTAN.
import { x87Unit } from "../../float/float-unit";
import { packExtended } from "../../float/pack";
import { arctangent } from "../../float/transcendental/arctangent";
import { exponential } from "../../float/transcendental/exponential";
import { logarithm, logarithmOfNext } from "../../float/transcendental/logarithm";
import { cosineOf, OUT_OF_RANGE, sine, tangent } from "../../float/transcendental/sine";
import { unpackExtended } from "../../float/unpack";
import { INTEGER_BIT } from "../../float/unpacked";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Status, X87 } from "./registers";
import { registerRow } from "./rows";

/** What of two results is pushed, until the other is in its place. */
const pushed = memory.data(16, 16);

export function transcendentalRows(): void {
  registerRow(0xd9, 0xf0).does(f2xm1);
  registerRow(0xd9, 0xf1).does(fyl2x);
  registerRow(0xd9, 0xf2).does(fptan);
  registerRow(0xd9, 0xf3).does(fpatan);
  registerRow(0xd9, 0xf9).does(fyl2xp1);
  registerRow(0xd9, 0xfb).does(fsincos);
  registerRow(0xd9, 0xfe).does(fsin);
  registerRow(0xd9, 0xff).does(fcos);
}

function f2xm1(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  exponential(x87Unit);
  return X87.put(cpu, op, 0, 64, 0);
}

/** Whether ST(0) and ST(1) are there, then as a and b; otherwise the instruction is done. */
function hasTwo(cpu: Processor, op: Operation): bool {
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, 1)) {
    X87.underflow(cpu, op, 1, 1);
    return false;
  }
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  unpackExtended(x87Unit.b, X87.st(cpu, 1));
  return true;
}

function fyl2x(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!hasTwo(cpu, op)) return After.Next;
  logarithm(x87Unit);
  return X87.put(cpu, op, 1, 64, 1);
}

function fyl2xp1(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!hasTwo(cpu, op)) return After.Next;
  logarithmOfNext(x87Unit);
  return X87.put(cpu, op, 1, 64, 1);
}

function fpatan(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!hasTwo(cpu, op)) return After.Next;
  arctangent(x87Unit);
  return X87.put(cpu, op, 1, 64, 1);
}

/** An argument of 2^63 or more: C2, and nothing else happens (SDM vol. 1, 8.3.8). */
function outOfRange(cpu: Processor, op: Operation): i32 {
  X87.end(cpu, op);
  cpu.floatStatus |= <u16>Status.C2;
  return After.Next;
}

function fsin(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  cpu.floatStatus &= <u16>~Status.C2;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  if (sine(x87Unit) == OUT_OF_RANGE) return outOfRange(cpu, op);
  return X87.put(cpu, op, 0, 64, 0);
}

function fcos(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  cpu.floatStatus &= <u16>~Status.C2;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  if (cosineOf(x87Unit) == OUT_OF_RANGE) return outOfRange(cpu, op);
  return X87.put(cpu, op, 0, 64, 0);
}

/** Whether ST(0) is there and something can be pushed; otherwise the instruction is done. */
function canReplaceAndPush(cpu: Processor, op: Operation): bool {
  const isFull = X87.isFull(cpu, 0);
  if (isFull && X87.canPush(cpu)) return true;
  if (X87.stackFault(cpu, op, isFull)) {
    X87.setIndefinite(cpu, 0);
    X87.push(cpu);
    X87.setIndefinite(cpu, 0);
  }
  return false;
}

/** The sine replaces ST(0), then the cosine is pushed. */
function fsincos(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  cpu.floatStatus &= <u16>~Status.C2;
  if (!canReplaceAndPush(cpu, op)) return After.Next;
  const unit = x87Unit;
  unpackExtended(unit.a, X87.st(cpu, 0));
  if (cosineOf(unit) == OUT_OF_RANGE) return outOfRange(cpu, op);
  if (!unit.hasResult()) return X87.end(cpu, op);
  packExtended(unit, 64, pushed);
  sine(unit);
  packExtended(unit, 64, X87.st(cpu, 0));
  X87.push(cpu);
  X87.copy(X87.st(cpu, 0), pushed);
  return X87.end(cpu, op);
}

/** The tangent replaces ST(0), then 1.0 is pushed; a NaN is pushed itself. */
function fptan(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  cpu.floatStatus &= <u16>~Status.C2;
  if (!canReplaceAndPush(cpu, op)) return After.Next;
  const unit = x87Unit;
  unpackExtended(unit.a, X87.st(cpu, 0));
  if (tangent(unit) == OUT_OF_RANGE) return outOfRange(cpu, op);
  if (!unit.hasResult()) return X87.end(cpu, op);
  packExtended(unit, 64, X87.st(cpu, 0));
  X87.push(cpu);
  if (!unit.r.isNaN) unit.r.setFinite(0, 0, INTEGER_BIT, 0);
  const roundedUp = unit.roundedUp;
  packExtended(unit, 64, X87.st(cpu, 0));
  unit.roundedUp = roundedUp;
  return X87.end(cpu, op);
}
