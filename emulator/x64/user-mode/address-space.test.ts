import { beforeEach, describe, expect, it } from "vitest";
import { PageTables } from "../guest/page-tables.js";
import { AddressSpace } from "./address-space.js";
import { Frames } from "./frames.js";

const PAGE = 4096;
const BEGIN = 0x7000_0000_0000;
const READ_WRITE = { isReadable: true, isWritable: true, isExecutable: false };
const READ = { ...READ_WRITE, isWritable: false };
const NOTHING = { ...READ, isReadable: false };

let ram: Uint8Array;
let tables: PageTables;
let memory: AddressSpace;
let events: string[];

beforeEach(() => {
  ram = new Uint8Array(64 * PAGE);
  const frames = new Frames(ram, PAGE);
  tables = new PageTables(ram, () => frames.takeTable());
  events = [];
  memory = new AddressSpace(ram, frames, tables, {
    dropTranslations: () => events.push("translations"),
    codeChanged: (physical) => events.push(`code ${physical % PAGE}`),
  });
});

/** The four levels of tables, as a processor walks them: SDM vol. 3A, 4.5. */
function entryOf(address: number): bigint {
  const view = new DataView(ram.buffer);
  let entry = BigInt(tables.root);
  for (const shift of [39n, 30n, 21n, 12n]) {
    const index = Number((BigInt(address) >> shift) & 511n);
    entry = view.getBigUint64(Number(entry & 0xffffffffff000n) + index * 8, true);
    if ((entry & 1n) === 0n) return 0n;
  }
  return entry;
}

describe("pages that are mapped", () => {
  it("are in the page tables with their rights", () => {
    memory.map(BEGIN, PAGE, READ_WRITE);
    memory.map(BEGIN + PAGE, PAGE, READ);
    memory.map(BEGIN + 2 * PAGE, PAGE, { ...READ, isExecutable: true });
    memory.map(BEGIN + 3 * PAGE, PAGE, NOTHING);
    const rights = [0, 1, 2, 3, 4].map((page) => {
      const entry = entryOf(BEGIN + page * PAGE);
      return [entry & 7n, entry >> 63n];
    });
    expect(rights).toEqual([
      [7n, 1n],
      [5n, 1n],
      [5n, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
  });

  it("keep what was written across their borders, in different places of the memory", () => {
    memory.map(BEGIN, 2 * PAGE, READ_WRITE);
    const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
    expect(memory.write(BEGIN + PAGE - 50, bytes)).toBe(true);
    expect(memory.read(BEGIN + PAGE - 50, 100)).toEqual(bytes);
    const first = Number(entryOf(BEGIN) & 0xffffffffff000n);
    expect(ram.slice(first + PAGE - 50, first + PAGE)).toEqual(bytes.slice(0, 50));
  });

  it("are zero, also where something was before", () => {
    memory.map(BEGIN, PAGE, READ_WRITE);
    memory.write(BEGIN, Uint8Array.of(1, 2, 3));
    memory.unmap(BEGIN, PAGE);
    memory.map(BEGIN, PAGE, READ_WRITE);
    expect(memory.read(BEGIN, 3)).toEqual(new Uint8Array(3));
  });

  it("tell the engine what it must forget when they go", () => {
    memory.map(BEGIN, PAGE, READ_WRITE);
    events.length = 0;
    memory.unmap(BEGIN, PAGE);
    expect(events).toEqual(["code 0", "translations"]);
    expect(entryOf(BEGIN)).toBe(0n);
  });
});

describe("what a program may not touch", () => {
  it("is neither read nor written", () => {
    memory.map(BEGIN, PAGE, READ);
    memory.map(BEGIN + PAGE, PAGE, NOTHING);
    expect(memory.write(BEGIN, Uint8Array.of(1))).toBe(false);
    expect(memory.read(BEGIN + PAGE - 1, 2)).toBeUndefined();
    expect(memory.read(BEGIN + 2 * PAGE, 1)).toBeUndefined();
    expect(memory.readString(BEGIN + 2 * PAGE)).toBeUndefined();
  });

  it("is not protected either", () => {
    memory.map(BEGIN, PAGE, READ_WRITE);
    expect(memory.protect(BEGIN, 2 * PAGE, READ)).toBe(false);
    expect(memory.write(BEGIN, Uint8Array.of(1))).toBe(true);
    expect(memory.protect(BEGIN, PAGE, READ)).toBe(true);
    expect(memory.write(BEGIN, Uint8Array.of(1))).toBe(false);
  });
});

it("what does not fit into the memory is not mapped, and nothing else has changed", () => {
  memory.map(BEGIN, PAGE, READ_WRITE);
  memory.write(BEGIN, Uint8Array.of(1));
  expect(memory.map(BEGIN, 2 ** 45, READ_WRITE)).toBe(false);
  expect(memory.read(BEGIN, 1)).toEqual(Uint8Array.of(1));
});

it("a range far larger than what is mapped can be unmapped", () => {
  memory.map(BEGIN, 3 * PAGE, READ_WRITE);
  memory.unmap(BEGIN + PAGE, 2 ** 44);
  expect(memory.isFree(BEGIN + PAGE, 2 * PAGE)).toBe(true);
  expect(memory.isFree(BEGIN, PAGE)).toBe(false);
});
