/** How the host reads and writes a processor that does not run. */
import { invalidateCode } from "../blocks/invalidate";
import { updateAttention } from "../exceptions/attention";
import { readFlags } from "../flags/lazy-flags";
import { flushTlb } from "../memory/tlb";
import { run } from "../run/run";
import { Machine } from "./machine";
import { updateMode } from "./mode";
import { Processor, StateOffset } from "./processor";
import { Flag } from "./rflags";

/** What the host finds by its offset in the processor's state, or in the machine's. */
export enum Field {
  Rip = 0,
  Instructions = 1,
  FaultVector = 2,
  FaultError = 3,
  Cr2 = 4,
  Mxcsr = 5,
  Segments = 6,
  Xmm = 7,
  Float = 8,
  FloatControl = 9,
  FloatStatus = 10,
  FloatTop = 11,
  FloatTags = 12,
  InterceptsExceptions = 13,
  MachineRam = 14,
  GdtBase = 15,
  GdtLimit = 16,
}

export function fieldOffset(field: i32): usize {
  switch (field) {
    case Field.Rip:
      return offsetof<Processor>("rip");
    case Field.Instructions:
      return offsetof<Processor>("instructions");
    case Field.FaultVector:
      return offsetof<Processor>("faultVector");
    case Field.FaultError:
      return offsetof<Processor>("faultError");
    case Field.Cr2:
      return offsetof<Processor>("cr2");
    case Field.Mxcsr:
      return offsetof<Processor>("mxcsr");
    case Field.Segments:
      return StateOffset.Segments;
    case Field.Xmm:
      return StateOffset.Xmm;
    case Field.Float:
      return StateOffset.Float;
    case Field.FloatControl:
      return offsetof<Processor>("floatControl");
    case Field.FloatStatus:
      return offsetof<Processor>("floatStatus");
    case Field.FloatTop:
      return offsetof<Processor>("floatTop");
    case Field.FloatTags:
      return offsetof<Processor>("floatTags");
    case Field.InterceptsExceptions:
      return offsetof<Processor>("interceptsExceptions");
    case Field.GdtBase:
      return offsetof<Processor>("gdtBase");
    case Field.GdtLimit:
      return offsetof<Processor>("gdtLimit");
    default:
      return offsetof<Machine>("ram");
  }
}

/** The lower 32 bits of RFLAGS: the others are 0. */
export function readFlagsOf(cpu: Processor): u32 {
  return <u32>readFlags(cpu);
}

export function writeFlagsOf(cpu: Processor, flags: u32): void {
  cpu.lazyKind = 0;
  cpu.flags = (flags & 0x3f7fd5) | Flag.Reserved;
  updateMode(cpu);
  updateAttention(cpu);
}

/** Puts CR3, and drops all translations. */
export function setPageTables(cpu: Processor, physical: u32): void {
  cpu.cr3 = physical;
  flushTlb(cpu, true);
}

/** Goes to another CPL as no instruction could: for programs that begin in user mode. */
export function setPrivilege(cpu: Processor, cpl: u32): void {
  cpu.cpl = cpl;
  updateMode(cpu);
}

/** Forgets what was decoded of a page of the guest's memory that the host has written. */
export function forgetCode(machine: Machine, page: u32): void {
  invalidateCode(machine, page);
}

/** @param budget in instructions */
export function runSlice(cpu: Processor, budget: i32): i32 {
  return run(cpu, budget);
}
