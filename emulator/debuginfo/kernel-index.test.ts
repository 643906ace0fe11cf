import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { writeGsym } from "./gsym/gsym-writer.js";
import { KernelIndex } from "./kernel-index.js";
import {
  formatChain,
  locateAddress,
  parseSymbolizerOutput,
} from "./test-support/llvm-symbolizer.js";

const file = "/usr/src/linux/fs/read_write.c";
const row = { offset: 0, file, line: 10, column: 3 };
const plain = { section: 0, rows: [], inlined: [] };

/** Two static functions of one name, with padding behind the first, and an alias. */
const functions = [
  { ...plain, name: "wait", start: 0, size: 0x1a, rows: [row, { ...row, offset: 8, line: 11 }] },
  { ...plain, name: "vfs_write", start: 0x20, size: 0x8, rows: [] },
  {
    name: "wait",
    section: 0,
    start: 0x28,
    size: 0x28,
    rows: [row],
    inlined: [
      {
        name: "inner",
        ranges: [[4, 8] as const],
        callFile: file,
        callLine: 20,
        callColumn: 5,
        inlined: [],
      },
    ],
  },
];

function makeIndex(baseAddress: bigint): KernelIndex {
  const aliases = [{ name: "ksys_write", start: 0x20 }];
  return new KernelIndex(writeGsym({ baseAddress, uuid: Uint8Array.of(7), functions, aliases }));
}

describe("KernelIndex", () => {
  const index = makeIndex(0xc1000000n);
  const at = (offset: number) => ({ section: 0, offset });

  it("knows the kernel's width by its addresses", () => {
    expect(index.bits).toBe(32);
    expect(makeIndex(0xffffffff81000000n).bits).toBe(64);
  });

  it("finds the place of an address", () => {
    expect(index.placeOf(0xc1000024n)).toEqual(at(0x24));
    expect(index.placeOf(0xc0ffffffn)).toBeUndefined();
    expect(makeIndex(0xffffffff81000000n).placeOf(0xffffffff81000024n)).toEqual(at(0x24));
  });

  it("finds the place behind a symbol", () => {
    expect(index.resolve("vfs_write", 5)).toEqual(at(0x25));
    expect(index.resolve("ksys_write", 5)).toEqual(at(0x25));
    expect(index.resolve("no_such_function", 5)).toBeUndefined();
    expect(index.resolve("vfs_write", -1)).toBeUndefined();
  });

  it("finds a return address behind a function's last instruction, but none further on", () => {
    expect(index.resolve("vfs_write", 8)).toEqual(at(0x28));
    expect(index.resolve("vfs_write", 9)).toBeUndefined();
  });

  it("picks one of several functions of one name by its size, padded or not", () => {
    expect(index.resolve("wait", 1)).toEqual(at(1));
    expect(index.resolve("wait", 1, 0x28)).toEqual(at(0x29));
    expect(index.resolve("wait", 1, 0x20)).toEqual(at(1));
    expect(index.resolve("wait", 1, 0x1a)).toEqual(at(1));
    expect(index.resolve("wait", 1, 0x1c)).toEqual(at(1));
  });

  it("finds nothing when no function has the size", () => {
    expect(index.resolve("wait", 1, 0x30)).toBeUndefined();
    expect(index.resolve("wait", 1, 0x10)).toBeUndefined();
  });

  it("names the function that a place lies in", () => {
    expect(index.symbolAt(at(0x19))).toEqual({ name: "wait", place: at(0), size: 0x1a });
    expect(index.symbolAt(at(0x1a))).toBeUndefined();
    expect(index.symbolAt({ section: 1, offset: 0 })).toBeUndefined();
  });

  it("tells the inline chain of a place", () => {
    expect(index.locate(at(0x2d))).toEqual([
      { function: "inner", file, line: 10, column: 3 },
      { function: "wait", file, line: 20, column: 5 },
    ]);
    expect(index.locate(at(9))).toEqual([{ function: "wait", file, line: 11, column: 3 }]);
  });

  it("knows the name alone where there are no lines", () => {
    expect(index.locate(at(0x21))).toEqual([
      { function: "vfs_write", file: "??", line: 0, column: 0 },
    ]);
  });

  it("knows the line of padding, but no function", () => {
    expect(index.locate(at(0x1c))).toEqual([{ function: "??", file, line: 11, column: 3 }]);
    expect(index.locate({ section: 3, offset: 0 })).toEqual([]);
  });

  it("has no code", () => {
    expect(index.code()).toHaveLength(0);
  });
});

/** Files of the images that `npm run images` makes; undefined where it has not made them yet. */
async function readShipped(name: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(new URL(`../../images/i686/${name}`, import.meta.url)).catch(
    () => undefined,
  );
  return bytes && gunzipSync(bytes);
}

const shipped = await readShipped("kernel.gsym.gz");
const places = await readShipped("kernel-places.txt.gz");
const kallsyms = await readShipped("kallsyms.gz");
const isThere = shipped !== undefined && places !== undefined;
const reason = isThere ? "" : " (no kernel.gsym.gz in images/: npm run images)";

describe.skipIf(!isThere)(`the shipped index${reason}`, () => {
  const bytes = shipped ?? new Uint8Array();
  const samples = parseSymbolizerOutput(new TextDecoder().decode(places));

  it("answers as llvm-symbolizer did when it was made", () => {
    const index = new KernelIndex(bytes);
    const ours = samples.map(({ address }) => formatChain(locateAddress(index, address)));
    expect(samples.length).toBeGreaterThan(1900);
    expect(ours).toEqual(samples.map(({ chain }) => formatChain(chain)));
  });

  it("has the columns of what belongs to a line", () => {
    const index = new KernelIndex(bytes);
    const ofLines = samples.filter(({ chain }) => chain.every(({ line }) => line > 0));
    expect(ofLines.length).toBeGreaterThan(1000);
    expect(ofLines.map(({ address }) => locateAddress(index, address))).toEqual(
      ofLines.map(({ chain }) => chain),
    );
  });

  it("resolves what the kernel prints of a function", () => {
    const index = new KernelIndex(bytes);
    const place = index.resolve("__check_object_size", 0x43);
    expect(place && index.symbolAt(place)?.name).toBe("__check_object_size");
    expect(index.resolve("__check_object_size", 0x43, 1)).toBeUndefined();
  });

  it("knows the functions at each address by the size that the kernel prints", () => {
    const index = new KernelIndex(bytes);
    const table = [...functionsByAddress(new TextDecoder().decode(kallsyms))];
    const unknown = table.filter(([address, names], at) => {
      const [next] = table[at + 1] ?? [];
      if (next === undefined) return false;
      // Of several names of one address the kernel prints one (kernel/kallsyms.c).
      return names.every((name) => index.resolve(name, 0, next - address) === undefined);
    });
    expect(table.length).toBeGreaterThan(10_000);
    expect(unknown).toEqual([]);
  });
});

/** The names of code in a System.map, by address; data and code follow each other there. */
function functionsByAddress(map: string): Map<number, string[]> {
  const byAddress = new Map<number, string[]>();
  for (const line of map.split("\n")) {
    const [address = "", type = "", name = ""] = line.split(" ");
    // The marks at the end of the code are no functions.
    if (!/^[tTwW]$/.test(type) || /text(_end)?$/.test(name)) continue;
    const at = Number.parseInt(address, 16);
    byAddress.set(at, [...(byAddress.get(at) ?? []), name]);
  }
  return byAddress;
}
