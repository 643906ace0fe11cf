// FPREM, FPREM1, FRNDINT, FSCALE, FXTRACT.
import { x87Unit } from "../../float/float-unit";
import { roundToIntegral } from "../../float/integer";
import { packExtended } from "../../float/pack";
import { NO_QUOTIENT, REDUCTION_INCOMPLETE, remainder } from "../../float/remainder";
import { extract, scale } from "../../float/scale";
import { unpackExtended } from "../../float/unpack";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Status, X87 } from "./registers";
import { registerRow } from "./rows";

export function partialRows(): void {
  registerRow(0xd9, 0xf4).does(fxtract);
  registerRow(0xd9, 0xf5).does((c, o) => fprem(c, o, true));
  registerRow(0xd9, 0xf8).does((c, o) => fprem(c, o, false));
  registerRow(0xd9, 0xfc).does(frndint);
  registerRow(0xd9, 0xfd).does(fscale);
}

function fprem(cpu: Processor, op: Operation, toNearest: bool): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  cpu.floatStatus &= <u16>~Status.C2;
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, 1)) return X87.underflow(cpu, op, 0, 0);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  unpackExtended(x87Unit.b, X87.st(cpu, 1));
  const quotient = remainder(x87Unit, toNearest);
  if (!x87Unit.hasResult()) return X87.end(cpu, op);
  packExtended(x87Unit, 64, X87.st(cpu, 0));
  // Without a quotient C0 and C3 stay as they are.
  if (quotient == NO_QUOTIENT) return X87.end(cpu, op);
  return X87.endWithConditions(cpu, op, quotientBits(quotient));
}

/** C0, C3 and C1 are the quotient's bits 2, 1 and 0 (SDM vol. 2A, FPREM). */
function quotientBits(quotient: i32): u32 {
  if (quotient == REDUCTION_INCOMPLETE) return Status.C2;
  let bits: u32 = 0;
  if ((quotient & 4) != 0) bits |= Status.C0;
  if ((quotient & 2) != 0) bits |= Status.C3;
  if ((quotient & 1) != 0) bits |= Status.C1;
  return bits;
}

function frndint(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  const unit = x87Unit;
  unpackExtended(unit.a, X87.st(cpu, 0));
  unit.noteDenormal(unit.a.kind);
  roundToIntegral(unit, unit.rounding);
  if (!unit.hasResult()) return X87.end(cpu, op);
  const roundedUp = unit.roundedUp;
  packExtended(unit, 64, X87.st(cpu, 0));
  unit.roundedUp = roundedUp;
  return X87.end(cpu, op);
}

function fscale(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, 1)) return X87.underflow(cpu, op, 0, 0);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  unpackExtended(x87Unit.b, X87.st(cpu, 1));
  scale(x87Unit);
  return X87.put(cpu, op, 0, 64, 0);
}

/** The exponent replaces ST(0), then the significand is pushed. */
function fxtract(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const isFull = X87.isFull(cpu, 0);
  if (!isFull || !X87.canPush(cpu)) {
    if (X87.stackFault(cpu, op, isFull)) {
      X87.setIndefinite(cpu, 0);
      X87.push(cpu);
      X87.setIndefinite(cpu, 0);
    }
    return After.Next;
  }
  const unit = x87Unit;
  unpackExtended(unit.a, X87.st(cpu, 0));
  extract(unit);
  if (unit.hasResult()) {
    packExtended(unit, 64, X87.st(cpu, 0));
    X87.push(cpu);
    unit.r.copyFrom(unit.a);
    packExtended(unit, 64, X87.st(cpu, 0));
  }
  return X87.end(cpu, op);
}
