import { Processor } from "../state/processor";

/**
 * The cache of translations. There are tables of the same shape for each kind of access:
 * the privilege does not have to be looked at when an entry is hit. An entry is direct-mapped by
 * the page's number, and has a tag for each of reading, writing and executing: the page's address,
 * if that was allowed, and needs nothing else to be done.
 */
export class Tlb {
  static readonly READ: usize = 0;
  static readonly WRITE: usize = 8;
  static readonly EXECUTE: usize = 16;
  /** What makes of the low 32 bits of a linear address in that page an address in our memory. */
  static readonly ADDEND: usize = 24;
  /** Physical page's number, with {@link GLOBAL} and {@link LARGE}. */
  static readonly PAGE: usize = 28;
  static readonly NUMBER: u32 = 0x3fffffff;
  static readonly GLOBAL: u32 = 0x80000000;
  /** It is a part of a page of 2 MiB or 1 GiB. */
  static readonly LARGE: u32 = 0x40000000;
  static readonly ENTRY_BYTES: usize = 32;
  static readonly ENTRIES: usize = 1024;
  static readonly TABLE_BYTES: usize = 32 * 1024;

  static readonly SUPERVISOR: u32 = 0;
  static readonly USER: u32 = 1;
  /** A supervisor that may touch a user's pages in spite of SMAP, as RFLAGS.AC is set. */
  static readonly SUPERVISOR_AC: u32 = 2;
  /** A user whose accesses have to be aligned (CR0.AM, RFLAGS.AC): nothing is ever entered. */
  static readonly USER_ALIGNED: u32 = 3;
  static readonly TABLES: u32 = 4;

  /** No page's address. */
  static readonly NOTHING: u64 = ~0;

  /** The bit of `Processor.largePages` for the GiB that an address is in. */
  @inline static gibBit(address: u64): u64 {
    return (<u64>1) << ((address >> 30) & 63);
  }

  @inline static entry(table: usize, address: u64): usize {
    return table + ((<usize>(address >> 12) & 1023) << 5);
  }
}

/** Forgets all translations, or those that are not global. */
export function flushTlb(cpu: Processor, withGlobal: bool): void {
  const end = cpu.tlbs + Tlb.TABLE_BYTES * Tlb.TABLES;
  for (let entry = cpu.tlbs; entry < end; entry += Tlb.ENTRY_BYTES) {
    if (!withGlobal && (load<u32>(entry, Tlb.PAGE) & Tlb.GLOBAL) != 0) continue;
    forget(entry);
  }
  if (withGlobal) cpu.largePages = 0;
  cpu.linkGeneration++;
}

/** Forgets the translation of one page, global or not (SDM vol. 2A, INVLPG). */
export function flushTlbPage(cpu: Processor, address: u64): void {
  for (let table: u32 = 0; table < Tlb.TABLES; table++) {
    forget(Tlb.entry(cpu.tlbs + Tlb.TABLE_BYTES * table, address));
  }
  forgetLarge(cpu, address);
  cpu.linkGeneration++;
}

/**
 * A large page is in the table in parts, and all of them are one translation (SDM vol. 3A, 4.10.2.3
 * and 4.10.4.1). Which of them is meant is not known any more: those in the same GiB go.
 */
function forgetLarge(cpu: Processor, address: u64): void {
  const gib = address >> 30;
  if ((cpu.largePages & Tlb.gibBit(address)) == 0) return;
  const end = cpu.tlbs + Tlb.TABLE_BYTES * Tlb.TABLES;
  for (let entry = cpu.tlbs; entry < end; entry += Tlb.ENTRY_BYTES) {
    if ((load<u32>(entry, Tlb.PAGE) & Tlb.LARGE) == 0) continue;
    const isNear =
      load<u64>(entry, Tlb.READ) >> 30 == gib || load<u64>(entry, Tlb.EXECUTE) >> 30 == gib;
    if (isNear) forget(entry);
  }
}

/** Writes to a physical page have to be looked at from now on. */
export function watchWrites(cpu: Processor, page: u32): void {
  const end = cpu.tlbs + Tlb.TABLE_BYTES * Tlb.TABLES;
  for (let entry = cpu.tlbs; entry < end; entry += Tlb.ENTRY_BYTES) {
    if ((load<u32>(entry, Tlb.PAGE) & Tlb.NUMBER) == page) {
      store<u64>(entry, Tlb.NOTHING, Tlb.WRITE);
    }
  }
}

function forget(entry: usize): void {
  store<u64>(entry, Tlb.NOTHING, Tlb.READ);
  store<u64>(entry, Tlb.NOTHING, Tlb.WRITE);
  store<u64>(entry, Tlb.NOTHING, Tlb.EXECUTE);
  store<u32>(entry, Tlb.NUMBER, Tlb.PAGE);
}
