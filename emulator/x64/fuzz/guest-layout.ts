import type { Random } from "../cases/random.js";
import { writeDescriptors } from "../guest/descriptors.js";

const PAGE_BYTES = 4096;
/** The first 2 MiB of addresses are mapped page by page, the second ones to the same as one page. */
export const RAM_BYTES = 2 ** 21;
export const PAGE_MAP = 0x1000;
const DIRECTORY_POINTERS = 0x2000;
const DIRECTORY = 0x3000;
const TABLE = 0x4000;
const GDT = 0x5000;
const IDT = 0x6000;
const TSS = 0x7000;
const DESCRIPTORS = 0x7f00;
export const STUB = 0x8000;
/** Here the random code lies; it may write to itself, as all rights are given. */
export const CODE = 0x10000;
export const CODE_BYTES = 0x10000;
const STACK_TOP = 0x40000;

const ALL_RIGHTS = 0x7n;
const NO_EXECUTE = 1n << 63n;
/** Large page, accessed, dirty. */
const LARGE = 0xe7n;
/** Behind Linux's descriptors: of a 64-bit TSS (SDM vol. 3A, 7.2.3), which takes two entries. */
const TSS_DESCRIPTOR = 0x0000890000000067n | (BigInt(TSS) << 16n);
const TSS_SELECTOR = 0x38;
const GDT_LIMIT = TSS_SELECTOR + 15;
const GATES = 256;
/** How many instructions {@link STUB} has. */
export const STUB_INSTRUCTIONS = 5;

/** Puts page tables, descriptor tables and the stub that loads them into the guest's memory. */
export function layOut(ram: Uint8Array, random: Random): void {
  const view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
  const put = (at: number, value: bigint): void => {
    view.setBigUint64(at, value, true);
  };
  // The same at the begin and at the end of all addresses.
  for (const slot of [0, 511]) {
    put(PAGE_MAP + slot * 8, BigInt(DIRECTORY_POINTERS) | ALL_RIGHTS);
    put(DIRECTORY_POINTERS + slot * 8, BigInt(DIRECTORY) | ALL_RIGHTS);
  }
  put(DIRECTORY, BigInt(TABLE) | ALL_RIGHTS);
  put(DIRECTORY + 8, LARGE);
  for (let page = 0; page < 512; page++) put(TABLE + page * 8, pageEntry(random, page));
  writeDescriptors(view, GDT);
  put(GDT + TSS_SELECTOR, TSS_DESCRIPTOR);
  for (let gate = 0; gate < GATES; gate++) putGate(put, random, IDT + gate * 16);
  for (const offset of [4, 12, 20, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54]) {
    put(TSS + offset, BigInt(STACK_TOP + random.below(0x1000) * 16));
  }
  putStub(ram, view);
}

/** Code that makes the processor know the descriptor tables and the TSS. */
function putStub(ram: Uint8Array, view: DataView): void {
  view.setUint16(DESCRIPTORS, GDT_LIMIT, true);
  view.setBigUint64(DESCRIPTORS + 2, BigInt(GDT), true);
  view.setUint16(DESCRIPTORS + 16, GATES * 16 - 1, true);
  view.setBigUint64(DESCRIPTORS + 18, BigInt(IDT), true);
  const absolute = (at: number): number[] => [0x25, at & 0xff, (at >> 8) & 0xff, at >> 16, 0];
  ram.set(
    [
      ...[0x0f, 0x01, 0x14, ...absolute(DESCRIPTORS)], // lgdt
      ...[0x0f, 0x01, 0x1c, ...absolute(DESCRIPTORS + 16)], // lidt
      ...[0xb8, TSS_SELECTOR, 0, 0, 0], // mov eax, selector
      ...[0x0f, 0x00, 0xd8], // ltr ax
      0x90, // nop
    ],
    STUB,
  );
}

/** Code has all rights, the rest has some; some pages are not there, or have no memory behind them. */
function pageEntry(random: Random, page: number): bigint {
  const address = page * PAGE_BYTES;
  const own = BigInt(address);
  const isCode = address >= CODE && address < CODE + CODE_BYTES;
  if (isCode || address < CODE) return own | ALL_RIGHTS;
  if (random.percent(5)) return random.u64();
  if (random.percent(5)) return BigInt(random.below(2 ** 20)) << 12n;
  const target = random.percent(5) ? random.u64() & 0xffffffff000n : own;
  const rights = BigInt(random.below(8)) | (random.percent(70) ? ALL_RIGHTS : 1n);
  return target | rights | (random.percent(30) ? NO_EXECUTE : 0n);
}

function putGate(put: (at: number, value: bigint) => void, random: Random, at: number): void {
  if (random.percent(5)) {
    put(at, random.u64());
    put(at + 8, random.u64());
    return;
  }
  const offset = BigInt(CODE + random.below(CODE_BYTES));
  const selector = BigInt(random.percent(90) ? 0x10 : random.below(0x50));
  const kind = random.percent(60) ? 0x8en : random.percent(60) ? 0x8fn : 0xeen;
  const stack = random.percent(30) ? BigInt(random.below(8)) : 0n;
  const low = (offset & 0xffffn) | (selector << 16n) | (stack << 32n) | (kind << 40n);
  put(at, low | ((offset >> 16n) << 48n));
  put(at + 8, 0n);
}

/**
 * Page tables that mean something now and then: SDM vol. 3A, 4.5. In half of them the code is
 * where it was, so that it meets what became of all other addresses.
 */
export function randomPageTables(ram: Uint8Array, random: Random): void {
  const view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
  const pages = RAM_BYTES / PAGE_BYTES;
  for (let table = PAGE_MAP; table < GDT; table += PAGE_BYTES) {
    for (let slot = 0; slot < 512; slot++) {
      // To other tables, to code, anywhere in the memory, anywhere at all.
      const page = random.pick([random.between(1, 4), 16 + random.below(16), random.below(pages)]);
      let entry = BigInt(page * PAGE_BYTES) | BigInt(random.below(256)) | 1n;
      if (random.percent(80)) entry |= ALL_RIGHTS;
      if (random.percent(80)) entry &= ~0x80n;
      if (random.percent(15)) entry |= NO_EXECUTE;
      if (random.percent(5)) entry = random.u64();
      if (random.percent(10)) entry &= ~1n;
      view.setBigUint64(table + slot * 8, entry, true);
    }
  }
  if (random.percent(50)) return;
  view.setBigUint64(PAGE_MAP, BigInt(DIRECTORY_POINTERS) | ALL_RIGHTS, true);
  view.setBigUint64(DIRECTORY_POINTERS, BigInt(DIRECTORY) | ALL_RIGHTS, true);
  view.setBigUint64(DIRECTORY, BigInt(TABLE) | ALL_RIGHTS, true);
  for (let address = CODE; address < CODE + CODE_BYTES; address += PAGE_BYTES) {
    view.setBigUint64(TABLE + (address / PAGE_BYTES) * 8, BigInt(address) | ALL_RIGHTS, true);
  }
}
