import { After } from "../../state/after";
import { Cr0, Cr4 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

/**
 * How SSE's handlers come to their operands. What is asked for first looks whether SSE may be used
 * at all, so that each handler begins with one of `source`, `scalar`, `isReady`.
 */
export class Sse {
  /** Whether SSE may be used. Otherwise a fault is pending. */
  @inline static isReady(cpu: Processor): bool {
    const task = cpu.cr0 & (Cr0.Emulation | Cr0.TaskSwitched);
    return (task ^ (cpu.cr4 & Cr4.FxSave)) == Cr4.FxSave || refuse(cpu);
  }

  /** Where the 16 bytes of the source are: aligned, if in memory. @returns 0: a fault is pending */
  @inline static source(cpu: Processor, op: Operation): usize {
    if (!Sse.isReady(cpu)) return 0;
    const source = op.source;
    return source != 0 ? source : alignedSource(cpu, op);
  }

  /** Where a source of any alignment is. @returns 0: a fault is pending */
  @inline static scalar<T>(cpu: Processor, op: Operation): usize {
    return Sse.isReady(cpu) ? cpu.source<T>(op) : 0;
  }

  @inline static destination(op: Operation): v128 {
    return v128.load(op.destination);
  }

  /** Writes the XMM register that is the destination. */
  @inline static put(op: Operation, value: v128): i32 {
    v128.store(op.destination, value);
    return After.Next;
  }
}

/** SDM vol. 3A, System Programming for Instruction Set Extensions: what forbids SSE, by its order. */
function refuse(cpu: Processor): bool {
  const isInvalid = (cpu.cr0 & Cr0.Emulation) != 0 || (cpu.cr4 & Cr4.FxSave) == 0;
  cpu.raise(isInvalid ? Vector.InvalidOpcode : Vector.DeviceNotAvailable);
  return false;
}

/** Whether 16 bytes may be there; otherwise a fault is pending. The linear address counts. */
export function isAligned(cpu: Processor, address: u64): bool {
  if ((address & 15) == 0) return true;
  cpu.raise(Vector.GeneralProtection);
  return false;
}

function alignedSource(cpu: Processor, op: Operation): usize {
  const address = cpu.addressOf<v128>(op, false);
  return isAligned(cpu, address) ? cpu.readAt<v128>(address) : 0;
}
