import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../debuginfo/test-support/fuzz.js";
import { missingTool, runTool } from "../../debuginfo/test-support/tools.js";
import { GuestError } from "../errors.js";
import { BtfBuilder } from "../test-support/btf-builder.js";
import { GDB_OFFSETS } from "../test-support/gdb-offsets.js";
import { readPackedImage } from "../test-support/kernel-types.js";
import { Btf } from "./btf.js";

const VMLINUX = fileURLToPath(new URL("../../../kernel-src/built/linux/vmlinux", import.meta.url));

interface Row {
  readonly type: string;
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
}

const rows = GDB_OFFSETS.trim()
  .split("\n")
  .map((line): Row => {
    const [type = "", path = "", offset, bytes] = line.split(" ");
    return { type, path, offset: Number(offset), bytes: Number(bytes) };
  });

describe("the kernel's own types", () => {
  let packed: Uint8Array;
  let kernel: Btf;

  beforeAll(async () => {
    packed = await readPackedImage("i686/kernel.btf.gz");
    kernel = new Btf(packed);
  });

  it("has members where gdb has them by DWARF", () => {
    const found = rows.map(({ type, path }) => ({ ...kernel.member(type, path), type, path }));
    expect(found).toMatchObject(rows);
  });

  it("has bit fields where `ptype /o struct printk_info` of gdb has them", () => {
    expect(kernel.member("printk_info", "flags")).toMatchObject({
      offset: 19,
      bytes: 1,
      bitField: { shift: 0, bits: 5 },
    });
    expect(kernel.member("printk_info", "level")).toMatchObject({
      offset: 19,
      bytes: 1,
      bitField: { shift: 5, bits: 3 },
    });
  });

  it("has sizes as gdb has them", () => {
    expect(kernel.sizeOf("task_struct")).toBe(5760);
    expect(kernel.sizeOf("module")).toBe(448);
    expect(kernel.sizeOf("rq")).toBe(1728);
    expect(kernel.sizeOf("page")).toBe(32);
    expect(kernel.sizeOf("spinlock_t")).toBe(4);
    expect(kernel.pointerBytes).toBe(4);
  });

  it("has enumerators and per-CPU variables", () => {
    // enum module_state of include/linux/module.h.
    const states = ["LIVE", "COMING", "GOING", "UNFORMED"];
    expect(states.map((name) => kernel.enumerator(`MODULE_STATE_${name}`))).toEqual([
      0n,
      1n,
      2n,
      3n,
    ]);
    expect(kernel.variable("runqueues")).toMatchObject({ bytes: 1728, section: ".data..percpu" });
    expect(kernel.variable("init_task")).toBeUndefined();
  });

  it("says what it does not have", () => {
    expect(() => kernel.sizeOf("no_such_struct")).toThrow(GuestError);
    expect(() => kernel.member("task_struct", "pid.counter")).toThrow(
      expect.objectContaining({ code: "no-such-member" }),
    );
    expect(kernel.hasMember("task_struct", "no_such_member")).toBe(false);
    expect(kernel.hasMember("no_such_struct", "pid")).toBe(false);
  });

  it("is read or refused whatever is damaged", () => {
    const random = seededRandom(5);
    const codes = new Map<string, number>();
    let readWhole = 0;
    for (let round = 0; round < 100; round++) {
      const end = random() < 0.1 ? random() * packed.length : packed.length;
      const bytes = new Uint8Array(packed.subarray(0, end));
      const view = new DataView(bytes.buffer);
      for (let hits = 1 + random() ** 20 * 2000; hits > 0; hits--) {
        const header = random() < 0.001;
        const at = Math.floor(random() * (header ? 24 : Math.max(1, bytes.length - 4)));
        if (at + 4 <= bytes.length) view.setUint32(at, EDGES[Math.floor(random() * 8)] ?? 0, true);
      }
      try {
        const types = new Btf(bytes);
        for (const { type, path } of rows) attempt(() => types.member(type, path), codes);
        attempt(() => types.sizeOf("task_struct"), codes);
        attempt(() => types.enumerator("MODULE_STATE_LIVE"), codes);
        if (types.member("tty_struct", "link").offset === 360) readWhole++;
      } catch (error) {
        count(error, codes);
      }
    }
    // Most of the damage is in what nobody asks for.
    expect(codes.get("bad-btf")).toBeGreaterThan(10);
    expect(readWhole).toBeGreaterThan(10);
  });

  const noGdb = existsSync(VMLINUX) ? missingTool("gdb", "gdb") : "no built kernel";
  it.skipIf(noGdb !== undefined)(
    "is as gdb says of the built kernel now",
    () => {
      const questions = rows.flatMap(({ type, path }) => {
        const pointer = `((struct ${type} *)0)->${path}`;
        return ["-ex", `printf "%d %d\\n", (int)&${pointer}, sizeof(${pointer})`];
      });
      const said = runTool("gdb", ["-q", "-batch", "-nx", ...questions, VMLINUX])
        .trim()
        .split("\n");
      const ours = rows.map(({ type, path }) => {
        const { offset, bytes } = kernel.member(type, path);
        return `${offset} ${bytes}`;
      });
      expect(ours).toEqual(said);
    },
    300_000,
  ); // gdb reads 70 MB.
});

/** Values that are at the edge of something. */
const EDGES = [0, 1, 0xff, 0xffff, 0x0400_ffff, 0x0800_0000, 0x7fff_ffff, 0xffff_ffff];

function attempt(read: () => unknown, codes: Map<string, number>): void {
  try {
    read();
  } catch (error) {
    count(error, codes);
  }
}

function count(error: unknown, codes: Map<string, number>): void {
  if (!(error instanceof GuestError)) throw error;
  codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
}

describe("types that were made for this", () => {
  it("finds members of anonymous structures and unions, however deep", () => {
    const builder = BtfBuilder.withLong(8);
    const byte = builder.int("unsigned char", 1);
    const innermost = builder.structure("struct", "", 4, [{ name: "deep", type: byte, bit: 24 }]);
    const middle = builder.structure("union", "", 4, [
      { name: "shallow", type: byte, bit: 0 },
      { name: "", type: builder.alias("const", "", innermost), bit: 0 },
    ]);
    builder.structure("struct", "outer", 12, [
      { name: "first", type: 1, bit: 0 },
      { name: "", type: middle, bit: 64 },
    ]);
    const types = new Btf(builder.build());
    expect(types.member("outer", "deep")).toMatchObject({ offset: 11, bytes: 1 });
    expect(types.member("outer", "shallow")).toMatchObject({ offset: 8, bytes: 1 });
    expect(types.hasMember("outer", "middle")).toBe(false);
  });

  it("reads bit fields by their width, and those of an INT with few bits", () => {
    const builder = BtfBuilder.withLong(4);
    const word = builder.int("unsigned int", 4);
    const narrow = builder.int("unsigned int", 4, 3);
    builder.structure("struct", "new", 4, [{ name: "f", type: word, bit: 13, bits: 5 }], true);
    builder.structure("struct", "old", 4, [{ name: "f", type: narrow, bit: 21 }]);
    const types = new Btf(builder.build());
    expect(types.member("new", "f")).toMatchObject({
      offset: 1,
      bytes: 2,
      bitField: { shift: 5, bits: 5 },
    });
    expect(types.member("old", "f")).toMatchObject({
      offset: 2,
      bytes: 1,
      bitField: { shift: 5, bits: 3 },
    });
  });

  it("goes through typedefs and arrays, and knows pointers' and arrays' sizes", () => {
    const builder = BtfBuilder.withLong(8);
    const entry = builder.structure("struct", "entry", 16, [
      { name: "next", type: builder.ptr(0), bit: 0 },
      { name: "value", type: 1, bit: 64 },
    ]);
    const entries = builder.array(builder.array(entry, 3), 2);
    const outer = builder.structure("struct", "outer", 100, [
      { name: "entries", type: entries, bit: 32 },
    ]);
    builder.alias("typedef", "outer_t", builder.alias("typeTag", "rcu", outer));
    const types = new Btf(builder.build());
    expect(types.member("outer_t", "entries")).toMatchObject({ offset: 4, bytes: 96 });
    expect(types.member("outer_t", "entries.value")).toMatchObject({ offset: 12, bytes: 8 });
    expect(types.member("entry", "next")).toMatchObject({ offset: 0, bytes: 8 });
    expect(types.sizeOf("outer_t")).toBe(100);
  });

  it("reads enumerations of 32 and 64 bits, with and without signs", () => {
    const builder = BtfBuilder.withLong(4);
    builder.enumeration("a", [["ALL", 0xffff_ffff]]);
    builder.enumeration("b", [["NONE", -1]], true);
    builder.enumeration64("c", [["WIDE", 0xffff_ffff_0000_0001n]], false);
    builder.enumeration64("d", [["LOW", -0x1_0000_0000n]], true);
    const types = new Btf(builder.build());
    const values = ["ALL", "NONE", "WIDE", "LOW", "MISSING"].map((one) => types.enumerator(one));
    expect(values).toEqual([0xffff_ffffn, -1n, 0xffff_ffff_0000_0001n, -0x1_0000_0000n, undefined]);
  });

  it("reads the variables of a section", () => {
    const builder = BtfBuilder.withLong(4);
    const variable = builder.variable("current_task", builder.ptr(0));
    builder.section(".data..percpu", [[variable, 0x40, 4]]);
    expect(new Btf(builder.build()).variable("current_task")).toMatchObject({
      offset: 0x40,
      bytes: 4,
      section: ".data..percpu",
    });
  });

  it("refuses types that stand for themselves", () => {
    const builder = BtfBuilder.withLong(4);
    const self = 2;
    expect(builder.alias("typedef", "endless", self)).toBe(self);
    builder.array(3, 2); // Itself: type 3.
    builder.structure("struct", "a", 4, [
      { name: "endless", type: self, bit: 0 },
      { name: "matryoshka", type: 3, bit: 0 },
      { name: "", type: 4, bit: 0 }, // Itself: type 4.
    ]);
    const types = new Btf(builder.build());
    const bad = expect.objectContaining({ code: "bad-btf" });
    expect(() => types.sizeOf("endless")).toThrow(bad);
    expect(() => types.member("a", "endless")).toThrow(bad);
    expect(() => types.member("a", "matryoshka")).toThrow(bad);
    expect(types.hasMember("a", "missing")).toBe(false);
  });

  it("refuses what is no BTF of such a kernel", () => {
    const bytes = BtfBuilder.withLong(4).build();
    const bigEndian = bytes.slice();
    bigEndian.set([0xeb, 0x9f]);
    for (const wrong of [new Uint8Array(), bytes.slice(0, 23), bigEndian, bytes.slice(0, -2)]) {
      expect(() => new Btf(wrong)).toThrow(expect.objectContaining({ code: "bad-btf" }));
    }
    const builder = new BtfBuilder();
    builder.int("unsigned int", 4);
    expect(() => new Btf(builder.build())).toThrow(/how long a long is/);
  });
});
