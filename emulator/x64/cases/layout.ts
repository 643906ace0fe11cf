/**
 * Where a case's memory is, in the engine as on the processor. All of it is below 2 GiB, so
 * that absolute displacements and 32-bit addresses reach it. What is not listed is not mapped;
 * the neighbours of the windows are not.
 *
 *     10000000  code: readable, executable
 *     20000000  data: two pages, writable
 *     20002000  data: read-only
 *     20010000  stack: writable
 *
 * `native/processor.c` has the same table.
 */
export interface Window {
  readonly address: number;
  readonly writable: boolean;
  readonly executable: boolean;
}

export const PAGE_BYTES = 4096;
export const CODE = 0x10000000;
export const DATA = 0x20000000;
export const READ_ONLY = 0x20002000;
export const STACK = 0x20010000;

/** In the order of the addresses, a page each. */
export const WINDOWS: readonly Window[] = [
  { address: CODE, writable: false, executable: true },
  { address: DATA, writable: true, executable: false },
  { address: DATA + PAGE_BYTES, writable: true, executable: false },
  { address: READ_ONLY, writable: false, executable: false },
  { address: STACK, writable: true, executable: false },
];

/** FS has a base that 32-bit addresses reach, GS one that only sums modulo 2^64 get back from. */
export const FS_BASE = 0x345678n;
export const GS_BASE = 0xffffffffe0000000n;

/** INT3, with which every case ends that does not fault. */
export const BREAKPOINT = 0xcc;

/** What the windows hold where a case does not say otherwise, one after the other. */
export function backgroundBytes(): Uint8Array {
  const words = new Uint32Array((WINDOWS.length * PAGE_BYTES) / 4);
  // xorshift32: bytes that look like no other bytes of a case.
  let value = 0x9e3779b9;
  for (let at = PAGE_BYTES / 4; at < words.length; at++) {
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    words[at] = value;
  }
  const bytes = new Uint8Array(words.buffer);
  bytes.fill(BREAKPOINT, 0, PAGE_BYTES);
  return bytes;
}

/** Where in {@link backgroundBytes} an address is, or -1 outside of the windows. */
export function windowOffset(address: number): number {
  const page = WINDOWS.findIndex(
    (window) => address >= window.address && address < window.address + PAGE_BYTES,
  );
  const window = WINDOWS[page];
  return window === undefined ? -1 : page * PAGE_BYTES + (address - window.address);
}
