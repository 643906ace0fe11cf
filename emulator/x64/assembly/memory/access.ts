/** What an access does that does not hit the TLB, or is not within one page. */

import { isExecuting } from "../blocks/block";
import { invalidateCode } from "../blocks/invalidate";
import { noteWatched, WatchKind } from "../debugger/host-watchpoints";
import { noteDataAccess } from "../exceptions/breakpoints";
import { PageUse } from "../state/machine";
import { Processor, StateOffset } from "../state/processor";
import { Vector } from "../state/vectors";
import { Access, Canonical, NOWHERE, walk } from "./page-walk";
import { Tlb } from "./tlb";
import { isWatchedPage } from "./watch";

/**
 * In the place of an exception's vector: the instruction has to be executed by itself. It touches
 * what is watched, or writes to the code that is being executed.
 */
export const CAREFUL: u32 = 256;

/** The last byte of a segment of 4 GiB. */
const LIMIT: u64 = 0xffffffff;

/** @returns where that many bytes can be read; 0: a fault is pending */
export function readSlow(cpu: Processor, address: u64, size: usize): usize {
  if (!isAddressable(cpu, address, size)) return 0;
  const inFirst = <usize>(0x1000 - (address & 0xfff));
  const first = locate(cpu, address, min(size, inFirst), Access.Read);
  if (first == 0) return 0;
  if (size <= inFirst && first != NOWHERE) return first;
  const scratch = changetype<usize>(cpu) + StateOffset.ReadScratch;
  copyFrom(scratch, first, min(size, inFirst));
  if (size > inFirst) {
    const second = locate(cpu, address + inFirst, size - inFirst, Access.Read);
    if (second == 0) return 0;
    copyFrom(scratch + inFirst, second, size - inFirst);
  }
  return scratch;
}

/** @returns where that many bytes can be read, and be written by `written()`; 0: a fault is pending */
export function updateSlow(cpu: Processor, address: u64, size: usize): usize {
  const pointer = writeSlow(cpu, address, size);
  if (pointer != 0 && cpu.isCareful) noteWatched(cpu, address, size, WatchKind.Read);
  const scratch = changetype<usize>(cpu) + StateOffset.WriteScratch;
  if (pointer == scratch) {
    copyFrom(scratch, cpu.scratchFirst, cpu.scratchFirstBytes);
    copyFrom(scratch + cpu.scratchFirstBytes, cpu.scratchSecond, cpu.scratchSecondBytes);
  }
  return pointer;
}

/** @returns where that many bytes can be put, with `written()` afterwards; 0: a fault is pending */
export function writeSlow(cpu: Processor, address: u64, size: usize): usize {
  if (!isAddressable(cpu, address, size)) return 0;
  const inFirst = <usize>(0x1000 - (address & 0xfff));
  const first = locate(cpu, address, min(size, inFirst), Access.Write);
  if (first == 0) return 0;
  if (size <= inFirst && first != NOWHERE) return first;
  cpu.scratchFirst = first;
  cpu.scratchFirstBytes = min(size, inFirst);
  cpu.scratchSecond = 0;
  cpu.scratchSecondBytes = 0;
  if (size > inFirst) {
    const second = locate(cpu, address + inFirst, size - inFirst, Access.Write);
    if (second == 0) return 0;
    cpu.scratchSecond = second;
    cpu.scratchSecondBytes = size - inFirst;
  }
  return changetype<usize>(cpu) + StateOffset.WriteScratch;
}

/** Brings what was put into the write scratch to where it belongs. */
export function writeScratch(cpu: Processor): void {
  const scratch = changetype<usize>(cpu) + StateOffset.WriteScratch;
  copyTo(cpu.scratchFirst, scratch, cpu.scratchFirstBytes);
  copyTo(cpu.scratchSecond, scratch + cpu.scratchFirstBytes, cpu.scratchSecondBytes);
}

function isAddressable(cpu: Processor, address: u64, size: usize): bool {
  const last = address + size - 1;
  // Where segments are flat, nobody has looked at their limit of 4 GiB before.
  const isBeyond = address <= LIMIT && last > LIMIT && !cpu.isLongCode;
  if (!Canonical.is(address) || !Canonical.is(last) || isBeyond) {
    cpu.raise(Vector.GeneralProtection);
    cpu.faultIsForAddress = true;
    return false;
  }
  const isAligned = cpu.tlb == cpu.tlbs + Tlb.TABLE_BYTES * Tlb.USER_ALIGNED;
  if (isAligned && (address & (size - 1)) != 0) {
    cpu.raise(Vector.AlignmentCheck);
    return false;
  }
  return true;
}

/** Finds bytes of one page for the present privilege. */
function locate(cpu: Processor, address: u64, size: usize, access: Access): usize {
  const kind = <u32>((cpu.tlb - cpu.tlbs) / Tlb.TABLE_BYTES);
  const pointer = walk(cpu, address, access, kind);
  if (pointer == 0 || pointer == NOWHERE) return pointer;
  if (isWatchedPage(cpu, address & ~0xfff)) {
    if (!cpu.isCareful) {
      cpu.raise(CAREFUL);
      return 0;
    }
    const isWrite = access == Access.Write;
    noteDataAccess(cpu, address, size, isWrite);
    noteWatched(cpu, address, size, isWrite ? WatchKind.Write : WatchKind.Read);
  }
  if (access == Access.Write && !prepareCodeWrite(cpu, pointer)) return 0;
  return pointer;
}

/** What was decoded of a page is forgotten before it is written. @returns false: not so */
function prepareCodeWrite(cpu: Processor, pointer: usize): bool {
  const machine = cpu.machine;
  const page = <u32>((pointer - machine.ram) >> 12);
  if ((load<u8>(machine.pageUse + page) & PageUse.Code) == 0) return true;
  if (!cpu.isCareful && isExecuting(cpu, page)) {
    cpu.raise(CAREFUL);
    return false;
  }
  invalidateCode(machine, page);
  return true;
}

function copyFrom(to: usize, from: usize, size: usize): void {
  if (from == NOWHERE) memory.fill(to, 0xff, size);
  else if (size != 0) memory.copy(to, from, size);
}

function copyTo(to: usize, from: usize, size: usize): void {
  if (to != NOWHERE && size != 0) memory.copy(to, from, size);
}
