// Breakpoints of the host's: the guest sees nothing of them. They are at linear addresses, while
// blocks are kept by physical ones, so what counts in a block is the offset in its page: an
// instruction at an offset that some breakpoint has begins a block, which is never kept, and is
// executed by a single step after its address was looked up.
import { BlockCache, flushBlocks } from "../blocks/block-cache";
import { Processor } from "../state/processor";

/** One processor's breakpoints: a table with open addressing, by the address. */
@unmanaged
export class HostBreakpoints {
  count: u32;
  /** `SLOTS` addresses; 0 is none. */
  slots: usize;
  /** For each offset in a page how many breakpoints have it, of 16 bits. */
  offsets: usize;
  /** There is one at address 0. */
  hasZero: bool;
}

const SLOTS: u32 = 1 << 15;
/** Half of the table, so that a search is short. */
const MOST: u32 = 1 << 14;

export const BREAKPOINT_TABLE_BYTES: usize = SLOTS * 8;
export const BREAKPOINT_OFFSET_BYTES: usize = 4096 * 2;

/** @returns false: there are as many as there can be */
export function addBreakpoint(cpu: Processor, address: u64): bool {
  const all = changetype<HostBreakpoints>(cpu.breakpoints);
  if (hasBreakpoint(cpu, address)) return true;
  if (all.count == MOST) return false;
  insert(all, address);
  changeOffset(all, address, 1);
  all.count++;
  flushBlocks(cpu, changetype<BlockCache>(cpu.blocks));
  return true;
}

export function removeBreakpoint(cpu: Processor, address: u64): void {
  const all = changetype<HostBreakpoints>(cpu.breakpoints);
  if (!hasBreakpoint(cpu, address)) return;
  changeOffset(all, address, -1);
  all.count--;
  remove(all, address);
  flushBlocks(cpu, changetype<BlockCache>(cpu.blocks));
}

export function hasBreakpoint(cpu: Processor, address: u64): bool {
  const all = changetype<HostBreakpoints>(cpu.breakpoints);
  if (address == 0) return all.hasZero;
  return load<u64>(slotOf(all, address)) == address;
}

/** Whether some breakpoint is at this offset in its page. */
export function isBreakpointOffset(cpu: Processor, offset: u32): bool {
  const all = changetype<HostBreakpoints>(cpu.breakpoints);
  return all.count != 0 && load<u16>(all.offsets + ((offset & 0xfff) << 1)) != 0;
}

/** Whether the run is to end here. The instruction that a run begins with is passed. */
export function stopsAtRip(cpu: Processor): bool {
  if (changetype<HostBreakpoints>(cpu.breakpoints).count == 0) return false;
  const passes = cpu.passesBreakpoint;
  cpu.passesBreakpoint = false;
  return !passes && hasBreakpoint(cpu, cpu.rip);
}

/** Where an address is in the table, or would be put. */
function slotOf(all: HostBreakpoints, address: u64): usize {
  // Fibonacci hashing: addresses that differ in any bits spread.
  let index = <u32>((address * 0x9e3779b97f4a7c15) >> 49);
  let slot = all.slots + ((<usize>index) << 3);
  while (load<u64>(slot) != 0 && load<u64>(slot) != address) {
    index = (index + 1) & (SLOTS - 1);
    slot = all.slots + ((<usize>index) << 3);
  }
  return slot;
}

function insert(all: HostBreakpoints, address: u64): void {
  if (address == 0) all.hasZero = true;
  else store<u64>(slotOf(all, address), address);
}

function remove(all: HostBreakpoints, address: u64): void {
  if (address == 0) {
    all.hasZero = false;
    return;
  }
  let slot = slotOf(all, address);
  store<u64>(slot, 0);
  // Those behind it may have been put there because it was in the way.
  for (;;) {
    slot = slot == all.slots + BREAKPOINT_TABLE_BYTES - 8 ? all.slots : slot + 8;
    const moved = load<u64>(slot);
    if (moved == 0) return;
    store<u64>(slot, 0);
    insert(all, moved);
  }
}

function changeOffset(all: HostBreakpoints, address: u64, change: i32): void {
  const counter = all.offsets + ((<usize>address & 0xfff) << 1);
  store<u16>(counter, <u16>(load<u16>(counter) + change));
}
