// FLDCW, FNSTCW, FNSTSW, FNCLEX, FNINIT, FNOP, FWAIT.
import { OpcodeMap, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Cr0 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";
import { EXCEPTIONS, Status, X87 } from "./registers";
import { memoryRow, registerRow } from "./rows";

/** Bits of the control word that can be changed; bit 6 is always set, the others never. */
const CONTROL_BITS: u32 = 0x1f3f;
const CONTROL_ONES: u32 = 0x0040;
/** After FNINIT: all masked, to nearest, 64 bits (SDM vol. 1, 8.1.5). */
const CONTROL_RESET: u16 = 0x037f;

export function controlRows(): void {
  memoryRow(0xd9, 5).does(fldcw);
  memoryRow(0xd9, 7).does(fnstcw);
  memoryRow(0xdd, 7).does(fnstsw);
  registerRow(0xdf, 0xe0).does(fnstswAx);
  registerRow(0xdb, 0xe2).does(fnclex);
  registerRow(0xdb, 0xe3).does(fninit);
  registerRow(0xd9, 0xd0).does(fnop);
  // FENI, FDISI and FSETPM of the 8087 and 80287 do nothing since the 80387 (SDM vol. 3B, 22.18).
  registerRow(0xdb, 0xe0).does(nothing);
  registerRow(0xdb, 0xe1).does(nothing);
  registerRow(0xdb, 0xe4).does(nothing);
  opcode(OpcodeMap.OneByte, 0x9b).does(fwait);
}

/** Whether x87 may be used by an instruction that does not wait. Otherwise a fault is pending. */
export function isAvailable(cpu: Processor): bool {
  if ((cpu.cr0 & (Cr0.Emulation | Cr0.TaskSwitched)) == 0) return true;
  cpu.raise(Vector.DeviceNotAvailable);
  return false;
}

/** The status word with TOP. */
export function statusWord(cpu: Processor): u16 {
  return <u16>((<u32>cpu.floatStatus & ~0x3800) | (cpu.floatTop << 11));
}

/** Takes a status word; what of it waits is decided by the control word. */
export function setStatusWord(cpu: Processor, word: u32): void {
  cpu.floatTop = (word >> 11) & 7;
  cpu.floatStatus = <u16>(word & ~0x3800);
  summarise(cpu);
}

export function setControlWord(cpu: Processor, word: u32): void {
  cpu.floatControl = <u16>((word & CONTROL_BITS) | CONTROL_ONES);
}

/** ES and B: whether an exception is noted that is not masked. */
function summarise(cpu: Processor): void {
  if ((cpu.floatStatus & ~(<u32>cpu.floatControl) & EXCEPTIONS) != 0) {
    cpu.floatStatus |= <u16>Status.Summary;
  } else {
    cpu.floatStatus &= <u16>~Status.Summary;
  }
}

export function initialise(cpu: Processor): void {
  cpu.floatControl = CONTROL_RESET;
  cpu.floatStatus = 0;
  cpu.floatTop = 0;
  cpu.floatTags = 0;
  cpu.floatOpcode = 0;
  cpu.floatCode = 0;
  cpu.floatData = 0;
}

function fldcw(cpu: Processor, op: Operation): i32 {
  if (!X87.isReady(cpu)) return After.Fault;
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  setControlWord(cpu, load<u16>(source));
  summarise(cpu);
  return After.Next;
}

function fnstcw(cpu: Processor, op: Operation): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  return cpu.write<u16>(op, cpu.floatControl);
}

function fnstsw(cpu: Processor, op: Operation): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  return cpu.write<u16>(op, statusWord(cpu));
}

function fnstswAx(cpu: Processor, op: Operation): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  store<u16>(cpu.register(0), statusWord(cpu));
  return After.Next;
}

function fnclex(cpu: Processor, op: Operation): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  cpu.floatStatus &= <u16>Status.Conditions;
  return After.Next;
}

function fninit(cpu: Processor, op: Operation): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  initialise(cpu);
  return After.Next;
}

function fnop(cpu: Processor, op: Operation): i32 {
  return X87.isReady(cpu) ? After.Next : After.Fault;
}

function nothing(cpu: Processor, op: Operation): i32 {
  return isAvailable(cpu) ? After.Next : After.Fault;
}

/** CR0.EM does not stop it, and CR0.TS only with CR0.MP (SDM vol. 3A, table 13-1). */
function fwait(cpu: Processor, op: Operation): i32 {
  const both = Cr0.MonitorCoprocessor | Cr0.TaskSwitched;
  if ((cpu.cr0 & both) == both) return cpu.raise(Vector.DeviceNotAvailable);
  if ((cpu.floatStatus & Status.Summary) != 0) return cpu.raise(Vector.FloatingPoint);
  return After.Next;
}
