// Debug registers: SDM vol. 3B, 17.2. The host's breakpoints are something else.
import { Cr4 } from "../state/control";
import { Processor } from "../state/processor";
import { Attention } from "./attention";

/** What a breakpoint is for (R/W0 to R/W3 in DR7). */
export enum BreakpointKind {
  Execute = 0,
  Write = 1,
  /** Only with CR4.DE. */
  InputOutput = 2,
  ReadOrWrite = 3,
}

/** Bits of DR6. */
export enum Dr6 {
  Breakpoints = 15,
  DebugRegister = 1 << 13,
  SingleStep = 1 << 14,
}

/** Of DR7: MOV to and from debug registers is a debug exception. */
export const GENERAL_DETECT: u32 = 1 << 13;
/** L0 to L3 and G0 to G3. */
const ENABLED: u32 = 0xff;

/** The registers that DR7 enables, with kinds in this set of `1 << BreakpointKind`. */
function enabledOf(cpu: Processor, kinds: u32): u32 {
  const dr7 = <u32>cpu.dr7;
  let enabled: u32 = 0;
  for (let n: u32 = 0; n < 4; n++) {
    const isEnabled = ((dr7 >> (2 * n)) & 3) != 0;
    if (isEnabled && ((kinds >> ((dr7 >> (16 + 4 * n)) & 3)) & 1) != 0) enabled |= 1 << n;
  }
  return enabled;
}

/** In bytes. */
function lengthOf(cpu: Processor, n: u32): u64 {
  const length = (<u32>cpu.dr7 >> (18 + 4 * n)) & 3;
  return length == 2 ? 8 : length + 1;
}

function addressOf(cpu: Processor, n: u32): u64 {
  return load<u64>(changetype<usize>(cpu) + offsetof<Processor>("dr0") + (n << 3));
}

/** Those of a set of registers whose bytes are touched. */
function touched(cpu: Processor, enabled: u32, address: u64, size: u64): u32 {
  let hit: u32 = 0;
  for (let n: u32 = 0; n < 4; n++) {
    if ((enabled & (1 << n)) == 0) continue;
    const length = lengthOf(cpu, n);
    // The low bits of the address do not count (SDM vol. 3B, 17.2.5).
    const first = addressOf(cpu, n) & ~(length - 1);
    if (address < first + length && first < address + size) hit |= 1 << n;
  }
  return hit;
}

export function hasInstructionBreakpoint(cpu: Processor): bool {
  return (<u32>cpu.dr7 & ENABLED) != 0 && enabledOf(cpu, 1 << BreakpointKind.Execute) != 0;
}

/** @returns bits of DR6: the breakpoints for executing what is at RIP */
export function instructionBreakpointsAt(cpu: Processor, rip: u64): u32 {
  const enabled = enabledOf(cpu, 1 << BreakpointKind.Execute);
  let hit: u32 = 0;
  for (let n: u32 = 0; n < 4; n++) {
    if ((enabled & (1 << n)) != 0 && addressOf(cpu, n) == rip) hit |= 1 << n;
  }
  return hit;
}

const DATA: u32 = (1 << BreakpointKind.Write) | (1 << BreakpointKind.ReadOrWrite);

/** Whether some data in the page has a breakpoint: no access to it may be fast. */
export function hasDataBreakpointIn(cpu: Processor, page: u64): bool {
  if ((<u32>cpu.dr7 & ENABLED) == 0) return false;
  return touched(cpu, enabledOf(cpu, DATA), page, 0x1000) != 0;
}

/** Notes the breakpoints for data that an access touches: the exception comes behind its instruction. */
export function noteDataAccess(cpu: Processor, address: u64, size: u64, isWrite: bool): void {
  if ((<u32>cpu.dr7 & ENABLED) == 0) return;
  const kinds = isWrite ? DATA : <u32>(1 << BreakpointKind.ReadOrWrite);
  note(cpu, touched(cpu, enabledOf(cpu, kinds), address, size));
}

/** The same for the ports of IN and OUT, if CR4.DE says so. */
export function notePortAccess(cpu: Processor, port: u32, size: u32): void {
  if ((<u32>cpu.dr7 & ENABLED) == 0 || (cpu.cr4 & Cr4.DebuggingExtensions) == 0) return;
  note(cpu, touched(cpu, enabledOf(cpu, 1 << BreakpointKind.InputOutput), port, size));
}

function note(cpu: Processor, hit: u32): void {
  if (hit == 0) return;
  cpu.debugPending |= hit;
  cpu.attention |= Attention.Debug;
}
