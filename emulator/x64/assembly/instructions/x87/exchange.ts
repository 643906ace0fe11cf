// FXCH, FCMOVcc, FCHS, FABS, FFREE, FFREEP, FINCSTP, FDECSTP.
import { condition } from "../../flags/conditions";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { X87 } from "./registers";
import { registerRow, stackRows } from "./rows";

/** The sign in the upper two bytes of a register. */
const SIGN: u16 = 0x8000;

export function exchangeRows(): void {
  stackRows(0xd9, 0xc8, fxch);
  // Not in the manual's text, but in every processor: FXCH at DD C8 and DF C8.
  stackRows(0xdd, 0xc8, fxch);
  stackRows(0xdf, 0xc8, fxch);
  registerRow(0xd9, 0xe0).does((c, o) => changeSign(c, o, SIGN, SIGN));
  registerRow(0xd9, 0xe1).does((c, o) => changeSign(c, o, SIGN, 0));
  registerRow(0xd9, 0xf6).does((c, o) => turn(c, o, 7));
  registerRow(0xd9, 0xf7).does((c, o) => turn(c, o, 1));
  stackRows(0xdd, 0xc0, (c, o) => free(c, o, 0));
  stackRows(0xdf, 0xc0, (c, o) => free(c, o, 1));
  // The conditions B, E, BE and P by their number in Jcc (SDM vol. 1, appendix B).
  stackRows(0xda, 0xc0, (c, o) => fcmov(c, o, 2));
  stackRows(0xda, 0xc8, (c, o) => fcmov(c, o, 4));
  stackRows(0xda, 0xd0, (c, o) => fcmov(c, o, 6));
  stackRows(0xda, 0xd8, (c, o) => fcmov(c, o, 10));
  stackRows(0xdb, 0xc0, (c, o) => fcmov(c, o, 3));
  stackRows(0xdb, 0xc8, (c, o) => fcmov(c, o, 5));
  stackRows(0xdb, 0xd0, (c, o) => fcmov(c, o, 7));
  stackRows(0xdb, 0xd8, (c, o) => fcmov(c, o, 11));
}

function fxch(cpu: Processor, op: Operation): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, i)) {
    if (!X87.stackFault(cpu, op, false)) return After.Next;
    if (!X87.isFull(cpu, 0)) X87.setIndefinite(cpu, 0);
    if (!X87.isFull(cpu, i)) X87.setIndefinite(cpu, i);
    swap(X87.st(cpu, 0), X87.st(cpu, i));
    return After.Next;
  }
  swap(X87.st(cpu, 0), X87.st(cpu, i));
  return X87.end(cpu, op);
}

function swap(a: usize, b: usize): void {
  const significand = load<u64>(a);
  const upper = load<u16>(a, 8);
  X87.copy(a, b);
  store<u64>(b, significand);
  store<u16>(b, upper, 8);
}

/** FCHS turns the sign, FABS clears it: of whatever is in ST(0), without an exception. */
function changeSign(cpu: Processor, op: Operation, which: u16, flipped: u16): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  if (!X87.isFull(cpu, 0)) return X87.underflow(cpu, op, 0, 0);
  const register = X87.st(cpu, 0);
  const upper = load<u16>(register, 8);
  store<u16>(register, (upper & ~which) | ((upper ^ flipped) & flipped), 8);
  return X87.end(cpu, op);
}

function turn(cpu: Processor, op: Operation, by: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  cpu.floatTop = (cpu.floatTop + by) & 7;
  return X87.end(cpu, op);
}

function free(cpu: Processor, op: Operation, pops: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  X87.free(cpu, op.rm & 7);
  X87.popTimes(cpu, pops);
  return X87.end(cpu, op);
}

/** C1 stays as it is, which the manual leaves open. */
function fcmov(cpu: Processor, op: Operation, code: u32): i32 {
  if (!X87.begin(cpu)) return After.Fault;
  const i = <u32>op.rm & 7;
  if (!X87.isFull(cpu, 0) || !X87.isFull(cpu, i)) return X87.underflow(cpu, op, 0, 0);
  if (condition(cpu, code)) X87.copy(X87.st(cpu, 0), X87.st(cpu, i));
  return After.Next;
}
