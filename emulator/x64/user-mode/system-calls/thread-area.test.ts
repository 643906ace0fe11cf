import { beforeEach, expect, it } from "vitest";
import { PageTables } from "../../guest/page-tables.js";
import { AddressSpace } from "../address-space.js";
import { Frames, PAGE_BYTES } from "../frames.js";
import { GlobalDescriptors } from "../global-descriptors.js";
import { I386 } from "../program-class.js";
import { Arguments } from "./process.js";
import { setThreadArea } from "./thread-area.js";

const AT = 0x100000;
const ANY = 0xffff_ffff;
/** include/uapi/asm-generic/errno-base.h. */
const [ESRCH, EFAULT, EINVAL] = [-3, -14, -22];
/** seg_32bit, limit_in_pages, useable: what C libraries ask for. */
const FLAT = 0x51;

let ram: Uint8Array;
let memory: AddressSpace;
let descriptors: GlobalDescriptors;

beforeEach(() => {
  ram = new Uint8Array(32 * PAGE_BYTES);
  const frames = new Frames(ram, PAGE_BYTES);
  const caches = { dropTranslations: () => undefined, codeChanged: () => undefined };
  const tables = new PageTables(ram, () => frames.takeTable());
  memory = new AddressSpace(ram, frames, tables, caches, I386.endOfAddresses);
  memory.map(AT, PAGE_BYTES, { isReadable: true, isWritable: true, isExecutable: false });
  descriptors = new GlobalDescriptors(ram, 0);
});

function set(entry: number, base: number, limit: number, flags: number): number {
  memory.write(AT, new Uint8Array(Uint32Array.of(entry, base, limit, flags).buffer));
  return setThreadArea({ memory, descriptors }, new Arguments([BigInt(AT)], 32));
}

const entryNumber = (): number | undefined => memory.read(AT, 4)?.[0];
const descriptor = (index: number): bigint =>
  new DataView(ram.buffer).getBigUint64(index * 8, true);

it("a segment gets the descriptor that the SDM has for it", () => {
  expect(set(ANY, 0x12345678, 0xfffff, FLAT)).toBe(0);
  expect(entryNumber()).toBe(12);
  // SDM vol. 3A, figure 3-8: G, D/B and AVL; present, DPL 3, data, writable, accessed.
  expect(descriptor(12)).toBe(0x12df_f334_5678_ffffn);
  // Bytes, read-only.
  expect(set(14, 0, 0x12345, 0x09)).toBe(0);
  expect(descriptor(14)).toBe(0x0041_f100_0000_2345n);
});

it("there are three, and one that is cleared can be had again", () => {
  const taken = [0, 1, 2].map(() => [set(ANY, 1, 0xfffff, FLAT), entryNumber()]);
  expect(taken).toEqual([
    [0, 12],
    [0, 13],
    [0, 14],
  ]);
  expect(set(ANY, 1, 0xfffff, FLAT)).toBe(ESRCH);
  // LDT_empty of arch/x86/include/asm/desc.h.
  expect(set(13, 0, 0, 0x28)).toBe(0);
  expect(descriptor(13)).toBe(0n);
  expect([set(ANY, 1, 0xfffff, FLAT), entryNumber()]).toEqual([0, 13]);
});

it.each([
  ["another entry", 6, FLAT],
  ["code", 12, FLAT | 4],
  ["16 bits", 12, FLAT & ~1],
  ["one that is not present", 12, FLAT | 0x20],
])("%s is refused", (_name, entry, flags) => {
  expect(set(entry, 1, 0xfffff, flags)).toBe(EINVAL);
});

it("what is not the program's memory is refused", () => {
  expect(setThreadArea({ memory, descriptors }, new Arguments([8n], 32))).toBe(EFAULT);
});
