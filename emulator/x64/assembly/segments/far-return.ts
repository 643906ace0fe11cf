// RET to another segment, and IRET: SDM vol. 2A and 2B; vol. 3A, 5.8.6.
import { writeFlags } from "../flags/write-flags";
import { Stack, stackMask } from "../stack/stack";
import { After } from "../state/after";
import { updateMode } from "../state/mode";
import { Processor } from "../state/processor";
import { ARITHMETIC, Flag } from "../state/rflags";
import { SegmentBits, SegmentName } from "../state/segment";
import {
  checkOffset,
  checkPresent,
  enterCode,
  refuseCode,
  targetDescriptor,
  touchSegment,
} from "./code-segment";
import { Descriptor } from "./descriptor";
import { mayBeNull, stackDescriptor } from "./load-segment";

/** In the place of a stack segment's descriptor: the selector is null, and may be so. */
const NULL_STACK: u64 = 1;

/**
 * RET far.
 * @param T as wide as what is popped
 * @param parameters bytes to be taken off the stack
 */
export function farReturn<T>(cpu: Processor, parameters: u32): i32 {
  const size = <i64>sizeof<T>();
  const ripPlace = top<T>(cpu, 0);
  if (ripPlace == 0) return After.Fault;
  const rip = <u64>load<T>(ripPlace);
  const csPlace = top<T>(cpu, size);
  if (csPlace == 0) return After.Fault;
  const cs = <u32>load<T>(csPlace) & 0xffff;
  const code = returnDescriptor(cpu, cs);
  if (code == 0) return After.Fault;
  const behind = 2 * size + parameters;
  if ((cs & 3) == cpu.cpl) {
    if (!checkOffset(cpu, code, rip) || !touchSegment(cpu, cs, code)) return After.Fault;
    Stack.drop(cpu, behind);
    enterCode(cpu, cs, code, rip, cpu.cpl);
    return After.Jump;
  }
  return returnOutward<T>(cpu, code, cs, rip, behind, parameters);
}

/** IRET. @param T as wide as what is popped */
export function interruptReturn<T>(cpu: Processor): i32 {
  const size = <i64>sizeof<T>();
  const ripPlace = top<T>(cpu, 0);
  if (ripPlace == 0) return After.Fault;
  const rip = <u64>load<T>(ripPlace);
  const csPlace = top<T>(cpu, size);
  if (csPlace == 0) return After.Fault;
  const cs = <u32>load<T>(csPlace) & 0xffff;
  const flagsPlace = top<T>(cpu, 2 * size);
  if (flagsPlace == 0) return After.Fault;
  const flags = <u64>load<T>(flagsPlace);
  const mask = returnedFlags(cpu, sizeof<T>() > 2);
  const code = returnDescriptor(cpu, cs);
  if (code == 0) return After.Fault;
  // 64-bit code pops the stack's pointer in any case.
  if ((cs & 3) != cpu.cpl || cpu.isLongCode) {
    if (returnOutward<T>(cpu, code, cs, rip, 3 * size, 0) == After.Fault) return After.Fault;
  } else {
    if (!checkOffset(cpu, code, rip) || !touchSegment(cpu, cs, code)) return After.Fault;
    Stack.drop(cpu, 3 * size);
    enterCode(cpu, cs, code, rip, cpu.cpl);
  }
  writeFlags(cpu, flags, mask);
  return After.Jump;
}

/** The flags that IRET loads at the present privilege. */
function returnedFlags(cpu: Processor, isWide: bool): u64 {
  let mask: u64 = ARITHMETIC | Flag.Trap | Flag.Direction | Flag.NestedTask;
  if (isWide) mask |= Flag.Resume | Flag.AlignmentCheck | Flag.Identification;
  const ioPrivilege = <u32>((cpu.flags & Flag.IoPrivilege) >> 12);
  if (cpu.cpl <= ioPrivilege) mask |= Flag.Interrupt;
  if (cpu.cpl == 0) mask |= Flag.IoPrivilege;
  if (cpu.cpl == 0 && isWide) mask |= Flag.VirtualInterrupt | Flag.VirtualInterruptPending;
  return mask;
}

/** Where what lies so many bytes above the top of the stack can be read. @returns 0: a fault */
function top<T>(cpu: Processor, offset: i64): usize {
  return Stack.readAt<T>(cpu, Stack.moved(cpu, cpu.rsp, offset));
}

/** @returns the descriptor of the code that is returned to; 0: a fault is pending */
function returnDescriptor(cpu: Processor, selector: u32): u64 {
  const code = targetDescriptor(cpu, selector);
  if (code == 0) return 0;
  const requested = selector & 3;
  const privilege = Descriptor.privilege(code);
  const isAllowed = Descriptor.isConforming(code) ? privilege <= requested : privilege == requested;
  if (!Descriptor.isCode(code) || requested < cpu.cpl || !isAllowed) {
    return refuseCode(cpu, selector);
  }
  if (Descriptor.hasBadSize(code)) return refuseCode(cpu, selector);
  return checkPresent(cpu, selector, code) ? code : 0;
}

/** Returns with another stack, that of an outer privilege as a rule. */
function returnOutward<T>(
  cpu: Processor,
  code: u64,
  cs: u32,
  rip: u64,
  behind: i64,
  parameters: u32,
): i32 {
  const rspPlace = top<T>(cpu, behind);
  if (rspPlace == 0) return After.Fault;
  const rsp = <u64>load<T>(rspPlace);
  const ssPlace = top<T>(cpu, behind + sizeof<T>());
  if (ssPlace == 0) return After.Fault;
  const ss = <u32>load<T>(ssPlace) & 0xffff;
  const cpl = cs & 3;
  const isNull = (ss & ~3) == 0 && mayBeNull(cpu, ss, cpl, Descriptor.is64Bit(code));
  const stack = isNull ? NULL_STACK : stackDescriptor(cpu, ss, cpl);
  if (stack == 0) return After.Fault;
  if (!checkOffset(cpu, code, rip)) return After.Fault;
  if (!touchSegment(cpu, cs, code)) return After.Fault;
  if (!isNull && !touchSegment(cpu, ss, stack)) return After.Fault;
  const isOuter = cpl > cpu.cpl;
  const segment = cpu.segment(SegmentName.Ss);
  if (isNull) Descriptor.fillNull(segment, <u16>ss);
  else Descriptor.fill(segment, <u16>ss, stack);
  enterCode(cpu, cs, code, rip, cpl);
  const mask = stackMask(cpu);
  cpu.rsp = mask == 0xffff ? (cpu.rsp & ~0xffff) | (rsp & 0xffff) : rsp;
  if (parameters != 0) Stack.drop(cpu, parameters);
  if (isOuter) hideSegments(cpu);
  updateMode(cpu);
  return After.Jump;
}

/** An outer privilege does not keep segments that it could not have loaded. */
function hideSegments(cpu: Processor): void {
  hide(cpu, SegmentName.Es);
  hide(cpu, SegmentName.Ds);
  hide(cpu, SegmentName.Fs);
  hide(cpu, SegmentName.Gs);
}

function hide(cpu: Processor, name: SegmentName): void {
  const segment = cpu.segment(name);
  const conforming = SegmentBits.Code | SegmentBits.Conforming;
  const isConforming = (segment.attributes & conforming) == conforming;
  const privilege = (<u32>segment.attributes >> 5) & 3;
  // A segment that is null already keeps its base.
  const isNull = segment.attributes == 0;
  if (!isNull && !isConforming && privilege < cpu.cpl) Descriptor.fillNull(segment, 0);
}
