import { BLOCK_BYTES, BlockCache, BUCKETS, JumpCache } from "../blocks/block-cache";
import {
  BREAKPOINT_OFFSET_BYTES,
  BREAKPOINT_TABLE_BYTES,
  HostBreakpoints,
} from "../debugger/host-breakpoints";
import { HostWatchpoints, WATCHPOINT_BYTES } from "../debugger/host-watchpoints";
import { Decoder } from "../decode/decoder";
import { InstructionBytes } from "../decode/instruction-bytes";
import { flushTlb, Tlb } from "../memory/tlb";
import { allocate } from "./allocate";
import { Cr0, Cr4, Efer } from "./control";
import { Machine } from "./machine";
import { updateMode } from "./mode";
import { Operation } from "./operation";
import { Processor, StateOffset } from "./processor";
import { Flag } from "./rflags";
import { SegmentBits, SegmentName } from "./segment";

/** @param ramSize in bytes, a multiple of 4096 */
export function createMachine(ramSize: u32): Machine {
  const machine = changetype<Machine>(allocate(offsetof<Machine>()));
  machine.ramSize = ramSize;
  machine.pageUse = allocate(<usize>(ramSize >> 12) + 1);
  machine.ram = allocate(ramSize, 0x1000);
  machine.firstProcessor = null;
  return machine;
}

export function createProcessor(machine: Machine): Processor {
  if (<i32>offsetof<Processor>() > StateOffset.Segments) ERROR("the fields reach into the arrays");
  const cpu = changetype<Processor>(allocate(StateOffset.End));
  cpu.machine = machine;
  cpu.nextProcessor = machine.firstProcessor;
  machine.firstProcessor = cpu;
  cpu.tlbs = allocate(Tlb.TABLE_BYTES * Tlb.TABLES);
  cpu.blocks = createBlocks(machine);
  const decoder = changetype<Decoder>(allocate(offsetof<Decoder>() + offsetof<Operation>()));
  decoder.cpu = cpu;
  decoder.bytes = changetype<InstructionBytes>(allocate(offsetof<InstructionBytes>()));
  cpu.decoder = changetype<usize>(decoder);
  createDebugger(cpu);
  flushTlb(cpu, true);
  reset(cpu);
  return cpu;
}

function createBlocks(machine: Machine): usize {
  const blocks = changetype<BlockCache>(allocate(offsetof<BlockCache>()));
  blocks.buckets = allocate(BUCKETS << 2);
  blocks.pageCount = machine.ramSize >> 12;
  blocks.pages = allocate((<usize>blocks.pageCount) << 2);
  blocks.begin = allocate(BLOCK_BYTES);
  blocks.end = blocks.begin + BLOCK_BYTES;
  blocks.next = blocks.begin;
  blocks.jumps = allocate(JumpCache.ENTRIES * JumpCache.ENTRY_BYTES);
  return changetype<usize>(blocks);
}

function createDebugger(cpu: Processor): void {
  const breakpoints = changetype<HostBreakpoints>(allocate(offsetof<HostBreakpoints>()));
  breakpoints.slots = allocate(BREAKPOINT_TABLE_BYTES);
  breakpoints.offsets = allocate(BREAKPOINT_OFFSET_BYTES);
  cpu.breakpoints = changetype<usize>(breakpoints);
  const watchpoints = changetype<HostWatchpoints>(allocate(offsetof<HostWatchpoints>()));
  watchpoints.entries = allocate(WATCHPOINT_BYTES);
  cpu.watchpoints = changetype<usize>(watchpoints);
}

/** As a loader leaves it: in 64-bit code at CPL 0, with paging on and no page tables yet. */
function reset(cpu: Processor): void {
  cpu.flags = Flag.Reserved;
  cpu.linkGeneration = 1;
  cpu.cr0 =
    Cr0.ProtectionEnable | Cr0.ExtensionType | Cr0.NumericError | Cr0.WriteProtect | Cr0.Paging;
  cpu.cr4 = Cr4.PhysicalAddressExtension | Cr4.FxSave | Cr4.SimdExceptions;
  cpu.efer = Efer.SystemCall | Efer.LongModeEnable | Efer.LongModeActive | Efer.NoExecuteEnable;
  cpu.mxcsr = 0x1f80;
  cpu.floatControl = 0x037f;
  cpu.dr6 = 0xffff0ff0;
  cpu.dr7 = 0x400;
  cpu.pat = 0x0007040600070406;
  const flat =
    SegmentBits.Present |
    SegmentBits.NotSystem |
    SegmentBits.Writable |
    SegmentBits.Accessed |
    SegmentBits.Granularity;
  for (let name = 0; name <= SegmentName.Gs; name++) {
    const segment = cpu.segment(name);
    const kind =
      name == SegmentName.Cs ? SegmentBits.Code | SegmentBits.Long : <i32>SegmentBits.Big;
    segment.limit = 0xffffffff;
    segment.attributes = <u16>(flat | kind);
  }
  updateMode(cpu);
}
