// Paging in long mode: SDM vol. 3A, chapter 4 (4.5 the walk, 4.6 access rights, 4.7 page faults,
// 4.8 accessed and dirty flags).
import { invalidateCode } from "../blocks/invalidate";
import { Cr0, Cr4, Efer } from "../state/control";
import { PageUse } from "../state/machine";
import { Processor } from "../state/processor";
import { Vector } from "../state/vectors";
import { Tlb } from "./tlb";
import { isWatchedPage } from "./watch";

export enum Access {
  Read = 0,
  Write = 1,
  Fetch = 2,
}

enum Entry {
  Present = 1 << 0,
  Writable = 1 << 1,
  User = 1 << 2,
  Accessed = 1 << 5,
  Dirty = 1 << 6,
  /** Not in the lowest level: it maps a page, and not a table. */
  Large = 1 << 7,
  Global = 1 << 8,
}

enum PageFault {
  Present = 1 << 0,
  Write = 1 << 1,
  User = 1 << 2,
  Reserved = 1 << 3,
  Fetch = 1 << 4,
}

const NO_EXECUTE: u64 = 1 << 63;
/** Bits 40 to 51 of an address: CPUID says that physical addresses have 40 bits. */
const BEYOND_PHYSICAL: u64 = 0x000fff0000000000;
const ADDRESS: u64 = 0x000000fffffff000;

/** The address in our memory of what there is no memory for in the guest. */
export const NOWHERE: usize = 1;

/** Whether bits 47 to 63 are the same. */
@unmanaged
export class Canonical {
  @inline static is(address: u64): bool {
    return <u64>(<i64>(address << 16) >> 16) == address;
  }
}

/**
 * Translates a linear address by the page tables, enters it into one of the TLB's tables, and
 * sets the accessed and dirty flags.
 * @param kind of the TLB's tables: whose access it is
 * @returns where the byte is in our memory, {@link NOWHERE}, or 0: a page fault is pending
 */
export function walk(cpu: Processor, address: u64, access: Access, kind: u32): usize {
  cpu.pageWalks++;
  const machine = cpu.machine;
  const isUser = kind == Tlb.USER || kind == Tlb.USER_ALIGNED;
  const hasNoExecute = (cpu.efer & Efer.NoExecuteEnable) != 0;
  const reservedAlways: u64 = hasNoExecute ? BEYOND_PHYSICAL : BEYOND_PHYSICAL | NO_EXECUTE;
  // Of what all levels allow.
  let rights: u64 = Entry.Writable | Entry.User;
  let noExecute: u64 = 0;
  let table = cpu.cr3 & ADDRESS;
  let shift: u64 = 39;
  let entry: u64;
  let slot: u64;
  for (;;) {
    slot = table + (((address >> shift) & 511) << 3);
    entry = readEntry(cpu, slot);
    if ((entry & Entry.Present) == 0) return pageFault(cpu, address, access, isUser, 0);
    let reserved = reservedAlways;
    const isLeaf = shift == 12 || (shift != 39 && (entry & Entry.Large) != 0);
    if (shift == 39) reserved |= Entry.Large;
    // Bit 12 of a large page is its PAT bit.
    else if (isLeaf && shift != 12) reserved |= (((<u64>1) << shift) - 1) & ~0x1fff;
    if ((entry & reserved) != 0) {
      return pageFault(cpu, address, access, isUser, PageFault.Present | PageFault.Reserved);
    }
    rights &= entry;
    noExecute |= entry & NO_EXECUTE;
    if (isLeaf) break;
    if ((entry & Entry.Accessed) == 0) writeEntry(cpu, slot, entry | Entry.Accessed);
    table = entry & ADDRESS;
    shift -= 9;
  }
  const isUserPage = (rights & Entry.User) != 0;
  const mayWrite = (rights & Entry.Writable) != 0 || (!isUser && (cpu.cr0 & Cr0.WriteProtect) == 0);
  if (!isAllowed(cpu, access, kind, isUserPage, mayWrite, noExecute != 0)) {
    return pageFault(cpu, address, access, isUser, PageFault.Present);
  }
  const wanted = entry | Entry.Accessed | (access == Access.Write ? <u64>Entry.Dirty : 0);
  if (wanted != entry) writeEntry(cpu, slot, wanted);

  const size: u64 = (<u64>1) << shift;
  const physical = (entry & ADDRESS & ~(size - 1)) | (address & (size - 1));
  if (physical >= machine.ramSize) return NOWHERE;
  const pointer = machine.ram + <usize>physical;
  if (kind != Tlb.USER_ALIGNED) {
    const isDirty = mayWrite && (wanted & Entry.Dirty) != 0;
    const isGlobal = (wanted & Entry.Global) != 0 && (cpu.cr4 & Cr4.GlobalPages) != 0;
    enter(cpu, kind, address, <u32>physical, access, isDirty, isGlobal, shift != 12);
  }
  return pointer;
}

function isAllowed(
  cpu: Processor,
  access: Access,
  kind: u32,
  isUserPage: bool,
  mayWrite: bool,
  isNoExecute: bool,
): bool {
  if (access == Access.Write && !mayWrite) return false;
  if (access == Access.Fetch && isNoExecute) return false;
  if (kind == Tlb.USER || kind == Tlb.USER_ALIGNED) return isUserPage;
  if (!isUserPage) return true;
  if (access == Access.Fetch) return (cpu.cr4 & Cr4.SupervisorExecutionPrevention) == 0;
  return kind == Tlb.SUPERVISOR_AC || (cpu.cr4 & Cr4.SupervisorAccessPrevention) == 0;
}

function enter(
  cpu: Processor,
  kind: u32,
  address: u64,
  physical: u32,
  access: Access,
  isDirty: bool,
  isGlobal: bool,
  isLarge: bool,
): void {
  const page = physical >> 12;
  const tag = address & ~0xfff;
  const entry = Tlb.entry(cpu.tlbs + Tlb.TABLE_BYTES * kind, address);
  const isSame =
    (load<u32>(entry, Tlb.PAGE) & Tlb.NUMBER) == page &&
    (load<u64>(entry, Tlb.READ) == tag || load<u64>(entry, Tlb.EXECUTE) == tag);
  if (!isSame) {
    store<u64>(entry, Tlb.NOTHING, Tlb.READ);
    store<u64>(entry, Tlb.NOTHING, Tlb.WRITE);
    store<u64>(entry, Tlb.NOTHING, Tlb.EXECUTE);
  }
  const kinds = (isGlobal ? Tlb.GLOBAL : 0) | (isLarge ? Tlb.LARGE : 0);
  store<u32>(entry, page | kinds, Tlb.PAGE);
  if (isLarge) cpu.largePages |= Tlb.gibBit(tag);
  store<u32>(entry, <u32>cpu.machine.ram + (physical & ~0xfff) - <u32>tag, Tlb.ADDEND);
  if (access == Access.Fetch) {
    store<u64>(entry, tag, Tlb.EXECUTE);
    return;
  }
  if (isWatchedPage(cpu, tag)) return;
  store<u64>(entry, tag, Tlb.READ);
  if (isDirty && (load<u8>(cpu.machine.pageUse + page) & PageUse.Code) == 0) {
    store<u64>(entry, tag, Tlb.WRITE);
  }
}

function pageFault(cpu: Processor, address: u64, access: Access, isUser: bool, cause: u32): usize {
  let error = cause;
  if (access == Access.Write) error |= PageFault.Write;
  if (isUser) error |= PageFault.User;
  const tellsFetch =
    (cpu.efer & Efer.NoExecuteEnable) != 0 || (cpu.cr4 & Cr4.SupervisorExecutionPrevention) != 0;
  if (access == Access.Fetch && tellsFetch) error |= PageFault.Fetch;
  cpu.cr2 = address;
  cpu.raise(Vector.PageFault, error);
  return 0;
}

/** Where there is no memory, a bus is read as ones. */
function readEntry(cpu: Processor, physical: u64): u64 {
  const machine = cpu.machine;
  return physical < machine.ramSize ? load<u64>(machine.ram + <usize>physical) : ~0;
}

function writeEntry(cpu: Processor, physical: u64, entry: u64): void {
  const machine = cpu.machine;
  const page = <u32>(physical >> 12);
  if ((load<u8>(machine.pageUse + page) & PageUse.Code) != 0) invalidateCode(machine, page);
  store<u64>(machine.ram + <usize>physical, entry);
}
