import { After } from "../../state/after";
import { Cr0 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

/** In the x87 status word: an exception that is not masked waits (SDM vol. 1, 8.1.3). */
const EXCEPTION_SUMMARY: u16 = 1 << 7;

/** How MMX's handlers come to their operands: each begins with `source` or `isReady`. */
export class Mmx {
  /** Whether MMX may be used. Otherwise a fault is pending. */
  @inline static isReady(cpu: Processor): bool {
    const isPlain =
      (cpu.cr0 & (Cr0.Emulation | Cr0.TaskSwitched)) == 0 &&
      (cpu.floatStatus & EXCEPTION_SUMMARY) == 0;
    return isPlain || !refuse(cpu);
  }

  /** Where the source is, `sizeof<T>()` bytes of it in memory. @returns 0: a fault is pending */
  @inline static source<T>(cpu: Processor, op: Operation): usize {
    return Mmx.isReady(cpu) ? cpu.source<T>(op) : 0;
  }

  /** The x87 registers become MMX registers: no fault may come any more (SDM vol. 1, 9.5.1). */
  @inline static enter(cpu: Processor): void {
    cpu.floatTop = 0;
    cpu.floatTags = 0xff;
  }

  /** Writes an MMX register. Read as an x87 register, it is a NaN. */
  @inline static setRegister(pointer: usize, value: u64): void {
    store<u64>(pointer, value);
    store<u16>(pointer, 0xffff, 8);
  }

  /** Writes the MMX register that is the destination. */
  @inline static put(cpu: Processor, op: Operation, value: u64): i32 {
    Mmx.enter(cpu);
    Mmx.setRegister(op.destination, value);
    return After.Next;
  }

  /** The low lane of a vector, as {@link put}. */
  @inline static putLane(cpu: Processor, op: Operation, value: v128): i32 {
    return Mmx.put(cpu, op, i64x2.extract_lane(value, 0));
  }
}

/** SDM vol. 3A, Intel MMX Technology System Programming. @returns whether a fault is pending */
function refuse(cpu: Processor): bool {
  if ((cpu.cr0 & Cr0.Emulation) != 0) cpu.raise(Vector.InvalidOpcode);
  else if ((cpu.cr0 & Cr0.TaskSwitched) != 0) cpu.raise(Vector.DeviceNotAvailable);
  else cpu.raise(Vector.FloatingPoint);
  return true;
}
