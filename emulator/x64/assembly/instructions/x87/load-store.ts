// FLD, FST, FSTP.
import { convert, storeBinary } from "../../float/convert";
import { x87Unit } from "../../float/float-unit";
import { packExtended } from "../../float/pack";
import { unpackBinary, unpackExtended } from "../../float/unpack";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { readExtended, writeExtended } from "./memory";
import { Status, X87 } from "./registers";
import { memoryRow, stackRows } from "./rows";

/** What a store writes, before it is known whether it may. */
const stored = memory.data(16, 16);

export function loadStoreRows(): void {
  memoryRow(0xd9, 0).does((c, o) => loadFloat<u32>(c, o));
  memoryRow(0xdd, 0).does((c, o) => loadFloat<u64>(c, o));
  memoryRow(0xdb, 5).does(loadExtended);
  stackRows(0xd9, 0xc0, loadRegister);
  memoryRow(0xd9, 2).does((c, o) => storeFloat<u32>(c, o, 0));
  memoryRow(0xd9, 3).does((c, o) => storeFloat<u32>(c, o, 1));
  memoryRow(0xdd, 2).does((c, o) => storeFloat<u64>(c, o, 0));
  memoryRow(0xdd, 3).does((c, o) => storeFloat<u64>(c, o, 1));
  memoryRow(0xdb, 7).does(storeExtended);
  stackRows(0xdd, 0xd0, (c, o) => storeRegister(c, o, 0));
  stackRows(0xdd, 0xd8, (c, o) => storeRegister(c, o, 1));
  // Not in the manual's text, but in every processor: FSTP at D9 D8, DF D0 and DF D8.
  stackRows(0xd9, 0xd8, moveDown);
  stackRows(0xdf, 0xd0, (c, o) => storeRegister(c, o, 1));
  stackRows(0xdf, 0xd8, (c, o) => storeRegister(c, o, 1));
}

function loadFloat<T>(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  if (!X87.canPush(cpu)) return X87.overflow(cpu, op);
  const unit = x87Unit;
  unpackBinary<T>(unit, unit.a, load<T>(source));
  convert(unit);
  if (unit.hasResult()) {
    X87.push(cpu);
    packExtended(unit, 64, X87.st(cpu, 0));
  }
  // An unmasked denormal is loaded all the same by AMD's processors; the manual leaves it open.
  unit.noteDenormal(unit.a.kind);
  return X87.end(cpu, op);
}

function loadExtended(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!readExtended(cpu, op, stored)) return After.Fault;
  if (!X87.canPush(cpu)) return X87.overflow(cpu, op);
  X87.push(cpu);
  X87.copy(X87.st(cpu, 0), stored);
  return X87.end(cpu, op);
}

function loadRegister(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  const from = X87.st(cpu, i);
  if (!X87.isFull(cpu, i)) {
    if (X87.stackFault(cpu, op, false)) {
      X87.push(cpu);
      X87.setIndefinite(cpu, 0);
    }
    return After.Next;
  }
  if (!X87.canPush(cpu)) return X87.overflow(cpu, op);
  X87.push(cpu);
  X87.copy(X87.st(cpu, 0), from);
  return X87.end(cpu, op);
}

/** The real indefinite as T. */
function indefinite<T>(): T {
  return sizeof<T>() == 4 ? <T>0xffc0_0000 : <T>0xfff8_0000_0000_0000;
}

function storeFloat<T>(cpu: Processor, op: Operation, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0)) return X87.storeIndefinite<T>(cpu, op, indefinite<T>(), pops);
  unpackExtended(x87Unit.a, X87.st(cpu, 0));
  const isAllowed = storeBinary<T>(x87Unit, stored);
  if (!X87.store<T>(cpu, op, load<T>(stored), isAllowed)) return After.Fault;
  if (isAllowed) X87.popTimes(cpu, pops);
  return X87.end(cpu, op);
}

/** FSTP of 80 bits: whatever is in the register, as it is. */
function storeExtended(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0)) {
    const isMasked = (cpu.floatControl & Status.Invalid) != 0;
    X87.putIndefinite(stored);
    if (!writeExtended(cpu, op, stored, isMasked)) return After.Fault;
    if (X87.stackFault(cpu, op, false)) X87.pop(cpu);
    return After.Next;
  }
  if (!writeExtended(cpu, op, X87.st(cpu, 0), true)) return After.Fault;
  X87.pop(cpu);
  return X87.end(cpu, op);
}

function storeRegister(cpu: Processor, op: Operation, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, i, pops);
  X87.copy(X87.st(cpu, i), X87.st(cpu, 0));
  X87.fill(cpu, i);
  X87.popTimes(cpu, pops);
  return X87.end(cpu, op);
}

/** FSTPNCE, D9 D8: as FSTP, but an empty register is only popped, without an exception. */
function moveDown(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  if (X87.isFull(cpu, 0)) {
    X87.copy(X87.st(cpu, i), X87.st(cpu, 0));
    X87.fill(cpu, i);
  }
  X87.pop(cpu);
  return X87.end(cpu, op);
}
