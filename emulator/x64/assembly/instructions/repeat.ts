// REP, REPE, REPNE: SDM vol. 1, 7.3.9.3.
import { zero } from "../flags/lazy-flags";
import { addressMask, setMasked } from "../state/address-size";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation, Prefix } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

/** After so many repetitions others may have their turn: interrupts, and the run's budget. */
const CHUNK: u64 = 4096;

/** Does one element of a string. @returns whether it has; otherwise a fault is pending */
export type StringStep = (cpu: Processor, op: Operation) => bool;

/**
 * Does elements that cannot fault.
 * @param most how many there may be
 * @returns how many it has done, maybe none
 */
export type StringRun = (cpu: Processor, op: Operation, most: u64) => u64;

/** How string instructions count and move. */
export class Repeat {
  @inline static isWanted(op: Operation): bool {
    return (op.prefixes & <u8>(Prefix.Repeat | Prefix.RepeatNotEqual)) != 0;
  }

  /** How far RSI and RDI move for one element: DF says where to. */
  @inline static stride<T>(cpu: Processor): i64 {
    const size = <i64>sizeof<T>();
    return (cpu.flags & Flag.Direction) != 0 ? -size : size;
  }

  /** How many repetitions are left. */
  @inline static left(cpu: Processor, op: Operation): u64 {
    return cpu.rcx & addressMask(cpu, op);
  }

  @inline static setLeft(cpu: Processor, op: Operation, left: u64): void {
    setMasked(cpu.register(GeneralRegister.Rcx), left, addressMask(cpu, op));
  }

  /** Moves RSI or RDI. */
  @inline static move(register: usize, bytes: i64, mask: u64): void {
    setMasked(register, load<u64>(register) + bytes, mask);
  }
}

/**
 * How many repetitions may come before others have their turn. The counts at which chunks end are
 * the same wherever a fault has interrupted one, and so is what counts as one instruction.
 * @param left not 0
 */
export function repetitionsInChunk(cpu: Processor, left: u64): u64 {
  // A single step ends after each repetition.
  if ((cpu.flags & Flag.Trap) != 0) return 1;
  return ((left - 1) & (CHUNK - 1)) + 1;
}

/**
 * A string instruction, or one chunk of its repetitions; RCX counts those that are done. Breakpoints
 * for data trap behind the repetition that touches them (SDM vol. 3B, 17.3.1.2).
 * @param run does what it can do fast behind an element
 */
export function repeat(cpu: Processor, op: Operation, step: StringStep, run: StringRun): i32 {
  if (!Repeat.isWanted(op)) return step(cpu, op) ? After.Next : After.Fault;
  let left = Repeat.left(cpu, op);
  if (left == 0) return After.Next;
  const end = left - repetitionsInChunk(cpu, left);
  while (left != end) {
    if (!step(cpu, op)) return After.Fault;
    left--;
    const isTrapped = cpu.debugPending != 0;
    if (left != end && !isTrapped) left -= run(cpu, op, left - end);
    Repeat.setLeft(cpu, op, left);
    if (isTrapped) break;
  }
  return left == 0 ? After.Next : After.Repeat;
}

/** For what cannot be done faster than one by one. */
export function noRun(cpu: Processor, op: Operation, most: u64): u64 {
  return 0;
}

/** As {@link repeat}, for instructions that compare: ZF ends the repetitions, too. */
export function repeatWhile(cpu: Processor, op: Operation, step: StringStep): i32 {
  if (!Repeat.isWanted(op)) return step(cpu, op) ? After.Next : After.Fault;
  let left = Repeat.left(cpu, op);
  if (left == 0) return After.Next;
  const end = left - repetitionsInChunk(cpu, left);
  const goesOnIfEqual = op.has(Prefix.Repeat);
  while (left != end) {
    if (!step(cpu, op)) return After.Fault;
    Repeat.setLeft(cpu, op, --left);
    if (zero(cpu) != goesOnIfEqual) return After.Next;
    if (cpu.debugPending != 0) break;
  }
  return left == 0 ? After.Next : After.Repeat;
}
