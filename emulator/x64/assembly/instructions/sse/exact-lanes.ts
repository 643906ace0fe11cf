import { sseUnit } from "../../float/float-unit";
import { After } from "../../state/after";
import { Cr4 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

/** Results, until it is known that there are some. */
const results = memory.data(16, 16);

/**
 * Computes in software, lane by lane, and writes the destination's lowest bytes. The exceptions
 * are those of all lanes together (SDM vol. 1, 11.5.2).
 *
 * T is a class with a method `bits(unit, a, b, lane)`, B the type of a lane's bits.
 * @param a address of the first operands, and b of the second ones
 */
export function computeExactly<T, B>(
  cpu: Processor,
  op: Operation,
  a: usize,
  b: usize,
  bytes: usize,
): i32 {
  const unit = sseUnit;
  unit.beginSse(cpu.mxcsr);
  let flags: u32 = 0;
  for (let at: usize = 0; at < bytes; at += sizeof<B>()) {
    // That a result is tiny counts where it is inexact itself.
    unit.flags = 0;
    const lane = <u32>(at / sizeof<B>());
    const bits = changetype<T>(0).bits<B>(unit, load<B>(a + at), load<B>(b + at), lane);
    store<B>(results + at, bits);
    flags |= unit.flags;
  }
  if (!finishExactly(cpu, flags)) return After.Fault;
  memory.copy(op.destination, results, bytes);
  return After.Next;
}

/**
 * Notes the exceptions of an instruction.
 * @returns whether it has a result; otherwise a fault is pending
 */
export function finishExactly(cpu: Processor, flags: u32): bool {
  const unit = sseUnit;
  unit.flags = flags;
  unit.hasResult();
  cpu.mxcsr |= unit.flags;
  if (!unit.faults) return true;
  const isKnown = (cpu.cr4 & Cr4.SimdExceptions) != 0;
  cpu.raise(isKnown ? Vector.SimdFloatingPoint : Vector.InvalidOpcode);
  return false;
}
