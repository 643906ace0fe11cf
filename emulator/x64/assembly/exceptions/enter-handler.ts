// SDM vol. 3A, 6.12 and 6.14 (64-bit mode), and vol. 2A, INT n, for the order of the checks.
import { readFlags } from "../flags/lazy-flags";
import { Canonical } from "../memory/page-walk";
import { SystemAccess } from "../memory/system-access";
import { touchSegment } from "../segments/code-segment";
import { Descriptor, DescriptorType } from "../segments/descriptor";
import { DescriptorTable } from "../segments/descriptor-table";
import { interruptStack, taskStack } from "../segments/task-state";
import { Stack } from "../stack/stack";
import { EventKind } from "../state/event";
import { updateMode } from "../state/mode";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { SegmentName } from "../state/segment";
import { Vector } from "../state/vectors";
import { GENERAL_DETECT } from "./breakpoints";

/** Of an error code: the event comes from outside of the program, or of an earlier exception. */
const EXTERNAL: u32 = 1;
/** Of an error code: the index is one of the IDT. */
const IN_IDT: u32 = 2;
/** No stack pointer, as one is a multiple of 8 here; 0 is one. */
const NO_FRAME: u64 = 1;

/** Goes to the handler of what is pending. @returns false: in the place of it another fault is pending */
export function enterHandler(cpu: Processor, kind: EventKind): bool {
  const vector = cpu.faultVector;
  const error = cpu.faultError;
  const hasError = cpu.faultHasError;
  const external: u32 = kind == EventKind.Software ? 0 : EXTERNAL;

  const gateError = (vector << 3) | IN_IDT | external;
  if (vector * 16 + 15 > cpu.idtLimit) return refuse(cpu, Vector.GeneralProtection, gateError);
  const place = SystemAccess.readAt<u64>(cpu, cpu.idtBase + vector * 16);
  if (place == 0) return false;
  const gate = load<u64>(place);
  const upper = SystemAccess.readAt<u64>(cpu, cpu.idtBase + vector * 16 + 8);
  if (upper == 0) return false;
  const target = Descriptor.gateOffset(gate, load<u32>(upper));
  const type = Descriptor.systemType(gate);
  if (type != DescriptorType.InterruptGate && type != DescriptorType.TrapGate) {
    return refuse(cpu, Vector.GeneralProtection, gateError);
  }
  if (kind == EventKind.Software && Descriptor.privilege(gate) < cpu.cpl) {
    return refuse(cpu, Vector.GeneralProtection, gateError);
  }
  if (!Descriptor.isPresent(gate)) return refuse(cpu, Vector.SegmentNotPresent, gateError);

  const selector = Descriptor.gateSelector(gate);
  const code = handlerCode(cpu, selector, external);
  if (code == 0) return false;
  const oldCpl = cpu.cpl;
  const newCpl = Descriptor.isConforming(code) ? oldCpl : Descriptor.privilege(code);
  const number = Descriptor.interruptStack(gate);
  let pointer = cpu.rsp;
  if (number != 0 || newCpl != oldCpl) {
    const stack =
      number != 0 ? interruptStack(cpu, number, external) : taskStack(cpu, newCpl, external);
    if (stack == 0) return false;
    pointer = load<u64>(stack);
    if (!Canonical.is(pointer)) return refuse(cpu, Vector.StackFault, external);
  }
  if (!Canonical.is(target)) return refuse(cpu, Vector.GeneralProtection, external);
  if (!touchSegment(cpu, selector, code)) return false;

  const flags = pushedFlags(cpu, kind, vector);
  cpu.cpl = newCpl;
  updateMode(cpu);
  const frame = pushFrame(cpu, kind, pointer & ~15, flags, hasError, error);
  if (frame == NO_FRAME) {
    cpu.cpl = oldCpl;
    updateMode(cpu);
    if (cpu.faultVector == Vector.StackFault) cpu.faultError = external;
    return false;
  }
  cpu.rsp = frame;
  cpu.rip = target;
  if (newCpl != oldCpl) Descriptor.fillNull(cpu.segment(SegmentName.Ss), <u16>newCpl);
  Descriptor.fill(cpu.segment(SegmentName.Cs), <u16>((selector & ~3) | newCpl), code);
  const cleared = Flag.Trap | Flag.NestedTask | Flag.Resume;
  cpu.flags &= ~(<u64>(type == DescriptorType.InterruptGate ? cleared | Flag.Interrupt : cleared));
  if (vector == Vector.Debug && kind != EventKind.Software) cpu.dr7 &= ~(<u64>GENERAL_DETECT);
  updateMode(cpu);
  return true;
}

/** @returns the descriptor of a handler's code, if it may be entered; 0: another fault is pending */
function handlerCode(cpu: Processor, selector: u32, external: u32): u64 {
  const error = (selector & ~3) | external;
  const isNull = (selector & ~3) == 0;
  const address = isNull ? DescriptorTable.OUTSIDE : DescriptorTable.find(cpu, selector, 8);
  if (address == DescriptorTable.OUTSIDE) {
    refuse(cpu, Vector.GeneralProtection, error);
    return 0;
  }
  const place = DescriptorTable.readAt(cpu, address);
  if (place == 0) return 0;
  const code = load<u64>(place);
  const isRight = Descriptor.isCode(code) && Descriptor.privilege(code) <= cpu.cpl;
  if (isRight && !Descriptor.isPresent(code)) {
    refuse(cpu, Vector.SegmentNotPresent, error);
    return 0;
  }
  if (isRight && Descriptor.is64Bit(code)) return code;
  refuse(cpu, Vector.GeneralProtection, error);
  return 0;
}

/** RF is set for an instruction that is to be executed again (SDM vol. 3B, 17.3.1.1). */
function pushedFlags(cpu: Processor, kind: EventKind, vector: u32): u64 {
  const flags = readFlags(cpu);
  const isFault = vector != Vector.DoubleFault && vector != Vector.MachineCheck;
  return kind == EventKind.Fault && isFault ? flags | Flag.Resume : flags;
}

/** @returns what RSP is then; {@link NO_FRAME}: a fault is pending */
function pushFrame(
  cpu: Processor,
  kind: EventKind,
  pointer: u64,
  flags: u64,
  hasError: bool,
  error: u32,
): u64 {
  const isAsked = kind == EventKind.Software || kind == EventKind.SoftwareDebug;
  const rip = isAsked ? returnAddress(cpu) : cpu.rip;
  if (!Stack.pushOnOther(cpu, pointer, cpu.segment(SegmentName.Ss).selector)) return NO_FRAME;
  if (!Stack.pushOnOther(cpu, pointer - 8, cpu.rsp)) return NO_FRAME;
  if (!Stack.pushOnOther(cpu, pointer - 16, flags)) return NO_FRAME;
  if (!Stack.pushOnOther(cpu, pointer - 24, cpu.segment(SegmentName.Cs).selector)) return NO_FRAME;
  if (!Stack.pushOnOther(cpu, pointer - 32, rip)) return NO_FRAME;
  if (!hasError) return pointer - 40;
  return Stack.pushOnOther(cpu, pointer - 40, error) ? pointer - 48 : NO_FRAME;
}

function returnAddress(cpu: Processor): u64 {
  const rip = cpu.rip + cpu.faultLength;
  return cpu.isLongCode ? rip : rip & 0xffffffff;
}

function refuse(cpu: Processor, vector: u32, error: u32): bool {
  cpu.raise(vector, error);
  return false;
}
