// The stack: SDM vol. 1, 6.2. In 64-bit code its pointer is RSP, whatever the operands' size is, and
// it lies in a segment without a base; in other code the D/B bit of SS says whether ESP or SP is it.
import { linearInSegment } from "../memory/segmentation";
import { Processor } from "../state/processor";
import { SegmentBits, SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";

/** How instructions and the delivery of interrupts use the stack. */
export class Stack {
  /** Pushes. @returns false: a fault is pending, and RSP is as it was */
  @inline static push<T>(cpu: Processor, value: T): bool {
    const pointer = Stack.moved(cpu, cpu.rsp, -(<i64>sizeof<T>()));
    if (!Stack.writeAt<T>(cpu, pointer, value)) return false;
    cpu.rsp = pointer;
    return true;
  }

  /**
   * Where the value on top can be read, for `drop` afterwards: RSP stays as long as the
   * instruction can fault. @returns 0: a fault is pending
   */
  @inline static top<T>(cpu: Processor): usize {
    return Stack.readAt<T>(cpu, cpu.rsp);
  }

  /** Takes so many bytes off the stack. */
  @inline static drop(cpu: Processor, bytes: i64): void {
    cpu.rsp = Stack.moved(cpu, cpu.rsp, bytes);
  }

  /** Where a value on the stack can be read. @returns 0: a fault is pending */
  @inline static readAt<T>(cpu: Processor, pointer: u64): usize {
    const place = cpu.readAt<T>(Stack.linear<T>(cpu, pointer));
    if (place == 0) raiseForStack(cpu);
    return place;
  }

  /** Writes to the stack at a pointer that is not RSP yet. @returns false: a fault is pending */
  @inline static writeAt<T>(cpu: Processor, pointer: u64, value: T): bool {
    if (cpu.writeAt<T>(Stack.linear<T>(cpu, pointer), value)) return true;
    raiseForStack(cpu);
    return false;
  }

  /** Whether something could be written to the stack there; otherwise a fault is pending. */
  @inline static mayWriteAt<T>(cpu: Processor, pointer: u64): bool {
    if (cpu.updateAt<T>(Stack.linear<T>(cpu, pointer)) != 0) return true;
    raiseForStack(cpu);
    return false;
  }

  /**
   * Pushes 64 bits onto the stack of another privilege, before its RSP is the processor's. The
   * accesses have the processor's present privilege.
   * @param pointer what RSP is before the push
   * @returns false: a fault is pending
   */
  static pushOnOther(cpu: Processor, pointer: u64, value: u64): bool {
    if (cpu.writeAt<u64>(pointer - 8, value)) return true;
    raiseForStack(cpu);
    return false;
  }

  /** What a stack pointer becomes when it moves: only as much of it changes as the stack is wide. */
  @inline static moved(cpu: Processor, pointer: u64, bytes: i64): u64 {
    return cpu.isLongCode ? pointer + bytes : movedInSegment(cpu, pointer, bytes);
  }

  @inline static linear<T>(cpu: Processor, pointer: u64): u64 {
    return cpu.isLongCode ? pointer : linearOnStack(cpu, pointer, sizeof<T>());
  }
}

/** What of RSP is the stack pointer. */
export function stackMask(cpu: Processor): u64 {
  if (cpu.isLongCode) return ~0;
  return (cpu.segment(SegmentName.Ss).attributes & SegmentBits.Big) != 0 ? 0xffffffff : 0xffff;
}

function movedInSegment(cpu: Processor, pointer: u64, bytes: i64): u64 {
  const mask = stackMask(cpu);
  const moved = (pointer + bytes) & mask;
  // A write to ESP clears RSP's upper half, one to SP leaves the rest.
  return mask == 0xffff ? (pointer & ~0xffff) | moved : moved;
}

/** A stack's segment is always writable: whether something is written need not be known. */
function linearOnStack(cpu: Processor, pointer: u64, size: u64): u64 {
  return linearInSegment(cpu, SegmentName.Ss, pointer & stackMask(cpu), size, true);
}

/** An address that is not canonical is #SS(0) for the stack, as for a segment of data #GP(0). */
function raiseForStack(cpu: Processor): void {
  if (cpu.faultIsForAddress) cpu.faultVector = Vector.StackFault;
}
