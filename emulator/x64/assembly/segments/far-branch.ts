// JMP and CALL to another segment, or through a call gate of long mode (SDM vol. 2A; vol. 3A, 5.8).
import { Canonical } from "../memory/page-walk";
import { SystemAccess } from "../memory/system-access";
import { Stack } from "../stack/stack";
import { After } from "../state/after";
import { updateMode } from "../state/mode";
import { Processor } from "../state/processor";
import { SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";
import {
  checkOffset,
  checkPresent,
  enterCode,
  refuseCode,
  targetDescriptor,
  touchSegment,
} from "./code-segment";
import { Descriptor, DescriptorType } from "./descriptor";
import { DescriptorTable } from "./descriptor-table";
import { taskStack } from "./task-state";

export function farJump(cpu: Processor, selector: u32, offset: u64): i32 {
  const descriptor = targetDescriptor(cpu, selector);
  if (descriptor == 0) return After.Fault;
  if (!Descriptor.isNotSystem(descriptor)) return jumpThroughGate(cpu, selector, descriptor);
  if (!mayBranchTo(cpu, selector, descriptor)) return After.Fault;
  if (!checkOffset(cpu, descriptor, offset)) return After.Fault;
  if (!touchSegment(cpu, selector, descriptor)) return After.Fault;
  enterCode(cpu, selector, descriptor, offset, cpu.cpl);
  return After.Jump;
}

/**
 * @param T as wide as what is pushed
 * @param back the address of the following instruction
 */
export function farCall<T>(cpu: Processor, selector: u32, offset: u64, back: u64): i32 {
  const descriptor = targetDescriptor(cpu, selector);
  if (descriptor == 0) return After.Fault;
  if (!Descriptor.isNotSystem(descriptor)) return callThroughGate(cpu, selector, descriptor, back);
  if (!mayBranchTo(cpu, selector, descriptor)) return After.Fault;
  if (!checkOffset(cpu, descriptor, offset)) return After.Fault;
  if (!touchSegment(cpu, selector, descriptor)) return After.Fault;
  if (!pushReturn<T>(cpu, back)) return After.Fault;
  enterCode(cpu, selector, descriptor, offset, cpu.cpl);
  return After.Jump;
}

function pushReturn<T>(cpu: Processor, back: u64): bool {
  const size = -(<i64>sizeof<T>());
  const first = Stack.moved(cpu, cpu.rsp, size);
  const second = Stack.moved(cpu, first, size);
  if (!Stack.writeAt<T>(cpu, first, <T>cpu.segment(SegmentName.Cs).selector)) return false;
  if (!Stack.writeAt<T>(cpu, second, <T>back)) return false;
  cpu.rsp = second;
  return true;
}

/** Whether a segment of code can be gone to without a change of privilege. */
function mayBranchTo(cpu: Processor, selector: u32, descriptor: u64): bool {
  const privilege = Descriptor.privilege(descriptor);
  const isAllowed = Descriptor.isConforming(descriptor)
    ? privilege <= cpu.cpl
    : privilege == cpu.cpl && (selector & 3) <= cpu.cpl;
  if (!isAllowed || !Descriptor.isCode(descriptor) || Descriptor.hasBadSize(descriptor)) {
    refuseCode(cpu, selector);
    return false;
  }
  return checkPresent(cpu, selector, descriptor);
}

/** @returns whether it is a call gate that the program may use: no other gate, and no task */
function mayUseGate(cpu: Processor, selector: u32, gate: u64): bool {
  const privilege = Descriptor.privilege(gate);
  const isGate = Descriptor.systemType(gate) == DescriptorType.CallGate;
  if (!isGate || privilege < cpu.cpl || privilege < (selector & 3)) {
    refuseCode(cpu, selector);
    return false;
  }
  return checkPresent(cpu, selector, gate);
}

/** @returns the descriptor of the code that a gate leads to; 0: a fault is pending */
function codeBehindGate(cpu: Processor, selector: u32): u64 {
  const code = targetDescriptor(cpu, selector);
  if (code == 0) return 0;
  if (!Descriptor.isCode(code) || Descriptor.privilege(code) > cpu.cpl) {
    return refuseCode(cpu, selector);
  }
  if (!Descriptor.is64Bit(code)) return refuseCode(cpu, selector);
  return checkPresent(cpu, selector, code) ? code : 0;
}

/** Where the upper half of a gate's offset can be read. @returns 0: a fault is pending */
function upperHalf(cpu: Processor, selector: u32): usize {
  const address = DescriptorTable.find(cpu, selector, 16);
  if (address == DescriptorTable.OUTSIDE) {
    refuseCode(cpu, selector);
    return 0;
  }
  const place = SystemAccess.readAt<u64>(cpu, address + 8);
  if (place == 0) return 0;
  // The upper half's type has to be 0 (SDM vol. 3A, 5.8.3.1).
  if ((load<u32>(place, 4) & 0x1f00) == 0) return place;
  refuseCode(cpu, selector);
  return 0;
}

function jumpThroughGate(cpu: Processor, selector: u32, gate: u64): i32 {
  if (!mayUseGate(cpu, selector, gate)) return After.Fault;
  const upper = upperHalf(cpu, selector);
  if (upper == 0) return After.Fault;
  const offset = Descriptor.gateOffset(gate, load<u32>(upper));
  const target = Descriptor.gateSelector(gate);
  const code = codeBehindGate(cpu, target);
  if (code == 0) return After.Fault;
  if (!Descriptor.isConforming(code) && Descriptor.privilege(code) != cpu.cpl) {
    refuseCode(cpu, target);
    return After.Fault;
  }
  if (!checkOffset(cpu, code, offset)) return After.Fault;
  if (!touchSegment(cpu, target, code)) return After.Fault;
  enterCode(cpu, target, code, offset, cpu.cpl);
  return After.Jump;
}

function callThroughGate(cpu: Processor, selector: u32, gate: u64, back: u64): i32 {
  if (!mayUseGate(cpu, selector, gate)) return After.Fault;
  const upper = upperHalf(cpu, selector);
  if (upper == 0) return After.Fault;
  const offset = Descriptor.gateOffset(gate, load<u32>(upper));
  const target = Descriptor.gateSelector(gate);
  const code = codeBehindGate(cpu, target);
  if (code == 0) return After.Fault;
  const cpl = Descriptor.isConforming(code) ? cpu.cpl : Descriptor.privilege(code);
  const isInner = cpl < cpu.cpl;
  let pointer = cpu.rsp;
  if (isInner) {
    const stack = taskStack(cpu, cpl, 0);
    if (stack == 0) return After.Fault;
    pointer = load<u64>(stack);
    if (!Canonical.is(pointer)) return cpu.raise(Vector.StackFault);
  }
  if (!checkOffset(cpu, code, offset)) return After.Fault;
  if (!touchSegment(cpu, target, code)) return After.Fault;
  const oldCpl = cpu.cpl;
  cpu.cpl = cpl;
  updateMode(cpu);
  const frame = pushGateFrame(cpu, pointer, isInner, back);
  if (frame == 0) {
    cpu.cpl = oldCpl;
    updateMode(cpu);
    return After.Fault;
  }
  cpu.rsp = frame;
  if (isInner) Descriptor.fillNull(cpu.segment(SegmentName.Ss), <u16>cpl);
  enterCode(cpu, target, code, offset, cpl);
  return After.Jump;
}

/** @returns what RSP is then; 0: a fault is pending */
function pushGateFrame(cpu: Processor, pointer: u64, isInner: bool, back: u64): u64 {
  if (isInner) {
    if (!Stack.pushOnOther(cpu, pointer, cpu.segment(SegmentName.Ss).selector)) return 0;
    if (!Stack.pushOnOther(cpu, pointer - 8, cpu.rsp)) return 0;
    pointer -= 16;
  }
  if (!Stack.pushOnOther(cpu, pointer, cpu.segment(SegmentName.Cs).selector)) return 0;
  return Stack.pushOnOther(cpu, pointer - 8, back) ? pointer - 16 : 0;
}
