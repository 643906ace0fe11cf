import { x87Unit } from "../../float/float-unit";
import { packExtended } from "../../float/pack";
import { After } from "../../state/after";
import { Cr0 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";
import { noteException } from "./exception";

/** Bits of the status word (SDM vol. 1, 8.1.3); TOP lies in `Processor.floatTop`. */
export enum Status {
  Invalid = 1 << 0,
  ZeroDivide = 1 << 2,
  StackFault = 1 << 6,
  /** An exception that is not masked waits; B is the same. */
  Summary = (1 << 7) | (1 << 15),
  C0 = 1 << 8,
  C1 = 1 << 9,
  C2 = 1 << 10,
  C3 = 1 << 14,
  Conditions = (1 << 8) | (1 << 9) | (1 << 10) | (1 << 14),
}

/** The six exceptions, in the status word and the control word. */
export const EXCEPTIONS: u32 = 0x3f;

/** Sign and exponent of the real indefinite; its significand is {@link INDEFINITE}. */
const INDEFINITE_UPPER: u16 = 0xffff;
const INDEFINITE: u64 = 0xc000_0000_0000_0000;

/** How x87's handlers come to the register stack. Each begins with `begin`, and ends with one of the rest. */
export class X87 {
  /** Whether x87 may be used now. Otherwise a fault is pending. */
  @inline static isReady(cpu: Processor): bool {
    const isPlain =
      (cpu.cr0 & (Cr0.Emulation | Cr0.TaskSwitched)) == 0 &&
      (cpu.floatStatus & Status.Summary) == 0;
    return isPlain || !refuse(cpu);
  }

  /** As `isReady`; the arithmetic unit is made ready, too. */
  @inline static begin(cpu: Processor): bool {
    if (!X87.isReady(cpu)) return false;
    x87Unit.beginX87(cpu.floatControl);
    return true;
  }

  /** Where ST(i) is. */
  @inline static st(cpu: Processor, i: u32): usize {
    return cpu.float((cpu.floatTop + i) & 7);
  }

  @inline static isFull(cpu: Processor, i: u32): bool {
    return ((cpu.floatTags >> <u8>((cpu.floatTop + i) & 7)) & 1) != 0;
  }

  @inline static fill(cpu: Processor, i: u32): void {
    cpu.floatTags |= <u8>((<u32>1) << ((cpu.floatTop + i) & 7));
  }

  @inline static free(cpu: Processor, i: u32): void {
    cpu.floatTags &= <u8>~((<u32>1) << ((cpu.floatTop + i) & 7));
  }

  @inline static push(cpu: Processor): void {
    cpu.floatTop = (cpu.floatTop - 1) & 7;
    X87.fill(cpu, 0);
  }

  @inline static pop(cpu: Processor): void {
    X87.free(cpu, 0);
    cpu.floatTop = (cpu.floatTop + 1) & 7;
  }

  @inline static popTimes(cpu: Processor, count: u32): void {
    for (let left = count; left > 0; left--) X87.pop(cpu);
  }

  /** Copies the 80 bits of a number. */
  @inline static copy(to: usize, from: usize): void {
    store<u64>(to, load<u64>(from));
    store<u16>(to, load<u16>(from, 8), 8);
  }

  @inline static putIndefinite(to: usize): void {
    store<u64>(to, INDEFINITE);
    store<u16>(to, INDEFINITE_UPPER, 8);
  }

  @inline static setIndefinite(cpu: Processor, i: u32): void {
    X87.putIndefinite(X87.st(cpu, i));
    X87.fill(cpu, i);
  }

  /** Ends an instruction: its exceptions and C1 come to the status word. */
  @inline static end(cpu: Processor, op: Operation): i32 {
    const unit = x87Unit;
    const conditions: u32 = unit.roundedUp != 0 ? Status.C1 : 0;
    cpu.floatStatus = <u16>((<u32>cpu.floatStatus & ~Status.C1) | unit.flags | conditions);
    if (unit.faults) noteException(cpu, op);
    return After.Next;
  }

  /** As `end`, with all four condition codes. */
  static endWithConditions(cpu: Processor, op: Operation, conditions: u32): i32 {
    cpu.floatStatus = <u16>(
      ((<u32>cpu.floatStatus & ~Status.Conditions) | x87Unit.flags | conditions)
    );
    if (x87Unit.faults) noteException(cpu, op);
    return After.Next;
  }

  /** Rounds the result to `bits` into ST(target), then pops; an unmasked exception may forbid both. */
  static put(cpu: Processor, op: Operation, target: u32, bits: u32, pops: u32): i32 {
    if (x87Unit.hasResult()) {
      packExtended(x87Unit, bits, X87.st(cpu, target));
      X87.fill(cpu, target);
      X87.popTimes(cpu, pops);
    }
    return X87.end(cpu, op);
  }

  /**
   * Notes a stack fault: an empty register was to be read, or (`overflows`) a full one to be
   * pushed on. @returns whether it is masked
   */
  static stackFault(cpu: Processor, op: Operation, overflows: bool): bool {
    const conditions: u32 = overflows ? Status.C1 : 0;
    cpu.floatStatus = <u16>(
      ((<u32>cpu.floatStatus & ~Status.C1) | Status.Invalid | Status.StackFault | conditions)
    );
    if ((cpu.floatControl & Status.Invalid) != 0) return true;
    noteException(cpu, op);
    return false;
  }

  /** An empty register was to be read: masked, ST(target) becomes indefinite, and is popped after. */
  static underflow(cpu: Processor, op: Operation, target: u32, pops: u32): i32 {
    if (X87.stackFault(cpu, op, false)) {
      X87.setIndefinite(cpu, target);
      X87.popTimes(cpu, pops);
    }
    return After.Next;
  }

  /**
   * Stores a value, if no exception forbids it; otherwise it is only looked whether it could be.
   * @returns false: a fault is pending
   */
  @inline static store<T>(cpu: Processor, op: Operation, value: T, isAllowed: bool): bool {
    const address = cpu.addressOf<T>(op, true);
    return isAllowed ? cpu.writeAt<T>(address, value) : cpu.updateAt<T>(address) != 0;
  }

  /** ST(0), which is to be stored, is empty: masked, T's indefinite is stored. */
  static storeIndefinite<T>(cpu: Processor, op: Operation, value: T, pops: u32): i32 {
    const isMasked = (cpu.floatControl & Status.Invalid) != 0;
    if (!X87.store<T>(cpu, op, value, isMasked)) return After.Fault;
    if (X87.stackFault(cpu, op, false)) X87.popTimes(cpu, pops);
    return After.Next;
  }

  /** Nothing can be pushed: masked, what is pushed is indefinite. */
  static overflow(cpu: Processor, op: Operation): i32 {
    if (X87.stackFault(cpu, op, true)) {
      X87.push(cpu);
      X87.setIndefinite(cpu, 0);
    }
    return After.Next;
  }

  /** Whether the register that a push fills is empty. */
  @inline static canPush(cpu: Processor): bool {
    return !X87.isFull(cpu, 7);
  }
}

/** SDM vol. 3A, table 13-1. @returns true: a fault is pending */
function refuse(cpu: Processor): bool {
  const isMissing = (cpu.cr0 & (Cr0.Emulation | Cr0.TaskSwitched)) != 0;
  // CR0.NE = 0 reports by a pin of the processor (SDM vol. 1, 8.7.2), which leads nowhere here.
  cpu.raise(isMissing ? Vector.DeviceNotAvailable : Vector.FloatingPoint);
  return true;
}
