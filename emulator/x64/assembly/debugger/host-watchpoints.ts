// Watchpoints of the host's: ranges of linear addresses of which it wants to know that they are
// read or written. A page that has one is never entered into the TLB, so that each access to it is
// looked at (memory/access.ts).
import { flushTlb } from "../memory/tlb";
import { Processor } from "../state/processor";

export enum WatchKind {
  Read = 1 << 0,
  Write = 1 << 1,
}

@unmanaged
export class HostWatchpoint {
  first: u64;
  last: u64;
  /** Of {@link WatchKind}. */
  kinds: u32;
}

@unmanaged
export class HostWatchpoints {
  count: u32;
  entries: usize;
  /** Of {@link WatchKind}: what the present instruction did to a watched range; 0: nothing. */
  hit: u32;
  /** The first byte of the range that it did it to. */
  hitAddress: u64;
}

export const MOST_WATCHPOINTS: u32 = 4096;
export const WATCHPOINT_BYTES: usize = MOST_WATCHPOINTS * 24;

/** @returns false: there are as many as there can be */
export function addWatchpoint(cpu: Processor, first: u64, last: u64, kinds: u32): bool {
  const all = changetype<HostWatchpoints>(cpu.watchpoints);
  if (all.count == MOST_WATCHPOINTS) return false;
  const entry = entryOf(all, all.count);
  entry.first = first;
  entry.last = last;
  entry.kinds = kinds;
  all.count++;
  flushTlb(cpu, true);
  return true;
}

/** Removes one that was added with the same range and kinds. */
export function removeWatchpoint(cpu: Processor, first: u64, last: u64, kinds: u32): void {
  const all = changetype<HostWatchpoints>(cpu.watchpoints);
  for (let index: u32 = 0; index < all.count; index++) {
    const entry = entryOf(all, index);
    if (entry.first != first || entry.last != last || entry.kinds != kinds) continue;
    all.count--;
    const moved = entryOf(all, all.count);
    memory.copy(changetype<usize>(entry), changetype<usize>(moved), offsetof<HostWatchpoint>());
    flushTlb(cpu, true);
    return;
  }
}

export function hasWatchpointIn(cpu: Processor, page: u64): bool {
  const all = changetype<HostWatchpoints>(cpu.watchpoints);
  for (let index: u32 = 0; index < all.count; index++) {
    const entry = entryOf(all, index);
    if (entry.first <= page + 0xfff && entry.last >= page) return true;
  }
  return false;
}

/** Notes what an access touches: the run ends behind its instruction. */
export function noteWatched(cpu: Processor, address: u64, size: u64, kind: WatchKind): void {
  const all = changetype<HostWatchpoints>(cpu.watchpoints);
  for (let index: u32 = 0; index < all.count; index++) {
    const entry = entryOf(all, index);
    if ((entry.kinds & kind) == 0) continue;
    if (entry.first > address + size - 1 || entry.last < address) continue;
    if (all.hit == 0) all.hitAddress = entry.first;
    all.hit |= kind;
  }
}

/** @returns of {@link WatchKind}, what ended the last run; 0: nothing did */
export function watchpointHit(cpu: Processor): u32 {
  return changetype<HostWatchpoints>(cpu.watchpoints).hit;
}

export function watchpointAddress(cpu: Processor): u64 {
  return changetype<HostWatchpoints>(cpu.watchpoints).hitAddress;
}

function entryOf(all: HostWatchpoints, index: u32): HostWatchpoint {
  return changetype<HostWatchpoint>(all.entries + <usize>index * offsetof<HostWatchpoint>());
}
