// FILD, FIST, FISTP, FISTTP, FBLD, FBSTP.
import { packDecimal, unpackDecimal } from "../../float/decimal";
import { TOWARDS_ZERO, x87Unit } from "../../float/float-unit";
import { toInteger, unpackInteger } from "../../float/integer";
import { packExtended } from "../../float/pack";
import { unpackExtended } from "../../float/unpack";
import { UNSUPPORTED } from "../../float/unpacked";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { readExtended, writeExtended } from "./memory";
import { X87 } from "./registers";
import { memoryRow } from "./rows";

/** A packed decimal that was read, or is to be written. */
const decimal = memory.data(16, 16);

export function integerRows(): void {
  memoryRow(0xdf, 0).does((c, o) => loadInteger<i16>(c, o));
  memoryRow(0xdb, 0).does((c, o) => loadInteger<i32>(c, o));
  memoryRow(0xdf, 5).does((c, o) => loadInteger<i64>(c, o));
  memoryRow(0xdf, 1).does((c, o) => storeInteger<i16>(c, o, true, 1));
  memoryRow(0xdb, 1).does((c, o) => storeInteger<i32>(c, o, true, 1));
  memoryRow(0xdd, 1).does((c, o) => storeInteger<i64>(c, o, true, 1));
  memoryRow(0xdf, 2).does((c, o) => storeInteger<i16>(c, o, false, 0));
  memoryRow(0xdb, 2).does((c, o) => storeInteger<i32>(c, o, false, 0));
  memoryRow(0xdf, 3).does((c, o) => storeInteger<i16>(c, o, false, 1));
  memoryRow(0xdb, 3).does((c, o) => storeInteger<i32>(c, o, false, 1));
  memoryRow(0xdf, 7).does((c, o) => storeInteger<i64>(c, o, false, 1));
  memoryRow(0xdf, 4).does(fbld);
  memoryRow(0xdf, 6).does(fbstp);
}

/** Pushes r, which is exact. */
function pushExact(cpu: Processor, op: Operation): i32 {
  X87.push(cpu);
  packExtended(x87Unit, 64, X87.st(cpu, 0));
  return X87.end(cpu, op);
}

function loadInteger<T>(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  if (!X87.canPush(cpu)) return X87.overflow(cpu, op);
  unpackInteger(x87Unit.r, <i64>load<T>(source));
  return pushExact(cpu, op);
}

function storeInteger<T>(cpu: Processor, op: Operation, truncates: bool, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const unit = x87Unit;
  if (!X87.isFull(cpu, 0)) {
    const indefinite = <T>((<u64>1) << (sizeof<T>() * 8 - 1));
    return X87.storeIndefinite<T>(cpu, op, indefinite, pops);
  }
  unpackExtended(unit.a, X87.st(cpu, 0));
  const value = toInteger<T>(unit, truncates ? TOWARDS_ZERO : unit.rounding);
  const isAllowed = unit.hasResult();
  if (!X87.store<T>(cpu, op, value, isAllowed)) return After.Fault;
  if (isAllowed) X87.popTimes(cpu, pops);
  return X87.end(cpu, op);
}

function fbld(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!readExtended(cpu, op, decimal)) return After.Fault;
  if (!X87.canPush(cpu)) return X87.overflow(cpu, op);
  unpackDecimal(x87Unit.r, decimal);
  return pushExact(cpu, op);
}

function fbstp(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const unit = x87Unit;
  const isEmpty = !X87.isFull(cpu, 0);
  // An empty register is stored as what is unsupported: the indefinite.
  unpackExtended(unit.a, X87.st(cpu, 0));
  if (isEmpty) unit.a.kind = UNSUPPORTED;
  const isAllowed = packDecimal(unit, decimal);
  if (!writeExtended(cpu, op, decimal, isAllowed)) return After.Fault;
  if (isEmpty) {
    if (X87.stackFault(cpu, op, false)) X87.pop(cpu);
    return After.Next;
  }
  if (unit.hasResult()) X87.pop(cpu);
  return X87.end(cpu, op);
}
