import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FunctionRecord } from "../function-record.js";
import { LLVM_GSYMUTIL, missingLlvmTool, runFilter } from "../test-support/llvm-symbolizer.js";
import { GsymError } from "./gsym-error.js";
import { GsymReader } from "./gsym-reader.js";
import { writeGsym } from "./gsym-writer.js";

const BASE = 0xffffffff81000000n;
const hello = "/home/student/hello.c";
const uaccess = "/usr/src/linux/./include/linux/uaccess.h";

function record(given: Partial<FunctionRecord>): FunctionRecord {
  return { name: "f", section: 0, start: 0, size: 0x10, rows: [], inlined: [], ...given };
}

const write = record({
  name: "hello_write",
  start: 0x100,
  size: 0x60,
  rows: [
    { offset: 0, file: hello, line: 40, column: 0 },
    { offset: 5, file: hello, line: 43, column: 13 },
    { offset: 9, file: hello, line: 43, column: 2 },
    { offset: 0x20, file: uaccess, line: 147, column: 6 },
    { offset: 0x28, file: uaccess, line: 0, column: 0 },
    { offset: 0x2a, file: uaccess, line: 700, column: 200 },
    { offset: 0x30, file: hello, line: 0, column: 0 },
    { offset: 0x34, file: hello, line: 4, column: 1 },
  ],
  inlined: [
    {
      name: "copy_from_user",
      ranges: [
        [0x20, 0x2a],
        [0x2c, 0x30],
      ],
      callFile: hello,
      callLine: 44,
      callColumn: 7,
      inlined: [
        {
          name: "check_copy_size",
          ranges: [[0x22, 0x28]],
          callFile: uaccess,
          callLine: 190,
          callColumn: 0,
          inlined: [],
        },
      ],
    },
    {
      name: "spin_unlock",
      ranges: [[0x34, 0x36]],
      callFile: hello,
      callLine: 0,
      callColumn: 130,
      inlined: [],
    },
  ],
});

const functions = [
  record({ name: "startup_64", start: 0, size: 0x80 }),
  write,
  record({
    name: "far_away",
    start: 0x20000,
    rows: [
      { offset: 0, file: "head.S", line: 3, column: 0 },
      { offset: 8, file: "??", line: 0, column: 0 },
      { offset: 0x5000, file: "/boot.S", line: 100000, column: 0 },
    ],
  }),
];

const aliases = [{ name: "alias_of_write", start: 0x100 }];

function read(content: Partial<Parameters<typeof writeGsym>[0]>): GsymReader {
  return new GsymReader(
    writeGsym({ baseAddress: BASE, uuid: new Uint8Array(), functions, aliases: [], ...content }),
  );
}

describe("a GSYM file", () => {
  it("gives back what was written", () => {
    const reader = read({ uuid: Uint8Array.of(1, 2, 3), aliases });
    expect(functions.map((_, index) => reader.function(index))).toEqual(functions);
    expect(reader.header.baseAddress).toBe(BASE);
    expect([...reader.header.uuid]).toEqual([1, 2, 3]);
    expect(reader.aliases()).toEqual([{ name: "alias_of_write", index: 1 }]);
  });

  it.each([0xff, 0xffff, 0xffff_ffff, 2 ** 40])(
    "holds functions up to %i from its base",
    (start) => {
      const last = record({ name: "last", start });
      const reader = read({ baseAddress: 0n, functions: [record({}), last] });
      expect(reader.function(1)).toEqual(last);
      expect(reader.indexAt(start + 3)).toBe(1);
    },
  );

  it("finds the function that begins last before an address", () => {
    const reader = read({});
    expect([0, 0xff, 0x100, 0x1ffff, 0x20000, 0x99999].map((at) => reader.indexAt(at))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    expect(reader.indexAt(-1)).toBe(-1);
    expect(read({ functions: [] }).indexAt(5)).toBe(-1);
  });

  it("cannot hold two functions of one place, no names, or further names of nothing", () => {
    const refused = expect.objectContaining({ code: "unsupported-gsym" });
    expect(() => read({ functions: [record({}), record({})] })).toThrow(refused);
    expect(() => read({ functions: [record({ name: "" })] })).toThrow(refused);
    expect(() => read({ aliases: [{ name: "nothing", start: 0x101 }] })).toThrow(refused);
  });

  it("leaves out rows that cover nothing or change nothing", () => {
    const at = (offset: number, line: number, column: number) => ({
      offset,
      file: hello,
      line,
      column,
    });
    const reader = read({
      functions: [
        record({ rows: [at(0, 9, 9), at(0, 1, 1), at(4, 1, 1), at(6, 0, 3), at(8, 0, 5)] }),
      ],
    });
    expect(reader.function(0).rows).toEqual([at(0, 1, 1), at(6, 0, 0)]);
  });

  it("holds calls from files that are not known", () => {
    const call = {
      name: "inner",
      ranges: [[0, 4] as const],
      callFile: "??",
      callLine: 0,
      callColumn: 0,
      inlined: [],
    };
    const nested = record({ inlined: [{ ...call, inlined: [call] }] });
    expect(read({ functions: [nested] }).function(0)).toEqual(nested);
  });

  it("knows no line before the first row", () => {
    const row = { offset: 4, file: hello, line: 7, column: 1 };
    const { rows } = read({ functions: [record({ rows: [row] })] }).function(0);
    expect(rows).toEqual([{ offset: 0, file: "??", line: 0, column: 0 }, row]);
  });

  it("numbers many functions' columns right", () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      record({
        name: `f${index}`,
        start: index * 0x20,
        rows: [{ offset: 0, file: hello, line: index + 1, column: index * 3 }],
      }),
    );
    const reader = read({ functions: many });
    expect(many.map((_, index) => reader.function(index))).toEqual(many);
  });

  it("is the same for the same content", () => {
    const content = { baseAddress: BASE, uuid: new Uint8Array(), functions, aliases };
    expect(writeGsym(content)).toEqual(writeGsym(content));
  });
});

describe("damaged bytes", () => {
  const whole = writeGsym({ baseAddress: BASE, uuid: new Uint8Array(4), functions, aliases });

  /** Reads everything; anything but a GsymError is a failure. */
  function readAll(bytes: Uint8Array): void {
    try {
      const reader = new GsymReader(bytes);
      for (let index = 0; index < reader.starts.length; index++) {
        reader.indexAt(reader.starts[index] ?? 0);
        reader.symbol(index);
        reader.function(index);
      }
      reader.aliases();
    } catch (error) {
      if (!(error instanceof GsymError)) throw error;
    }
  }

  it("of another kind are refused", () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(100), Buffer.from("GSYM")]) {
      expect(() => new GsymReader(bytes)).toThrow(expect.objectContaining({ code: "not-gsym" }));
    }
  });

  it("of another version are refused by its number", () => {
    const bytes = whole.slice();
    bytes[4] = 2;
    expect(() => new GsymReader(bytes)).toThrow(/version 2/);
  });

  it("cut off anywhere give a typed error", () => {
    for (let length = 0; length < whole.length; length++) readAll(whole.subarray(0, length));
  });

  it("changed anywhere give a typed error or other content", () => {
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff, (whole[at] ?? 0) ^ 0x10]) {
        const bytes = whole.slice();
        bytes[at] = value;
        readAll(bytes);
      }
    }
  });
});

const missing = missingLlvmTool(LLVM_GSYMUTIL);

describe.skipIf(missing !== undefined)(`llvm-gsymutil${missing ? ` (${missing})` : ""}`, () => {
  it("reads what was written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kspace-gsym-"));
    try {
      const file = join(folder, "hello.gsym");
      await writeFile(
        file,
        writeGsym({ baseAddress: BASE, uuid: Uint8Array.of(0xab, 0xcd), functions, aliases }),
      );
      const addresses = [0x10, 0x107, 0x124, 0x134, 0x15f, 0x160, 0x20001, 0x2000a].map(
        (offset) => `0x${(BASE + BigInt(offset)).toString(16)} ${file}\n`,
      );
      const output = await runFilter(LLVM_GSYMUTIL, ["--addresses-from-stdin"], addresses.join(""));
      const answers = output.split("\n").map((line) => line.replace(/^0x[0-9a-f]+:/, "").trim());
      expect(answers.filter((line) => line !== "")).toEqual([
        "startup_64 + 16",
        `hello_write + 7 @ ${hello}:43`,
        `check_copy_size + 2 @ ${uaccess}:147 [inlined]`,
        `copy_from_user + 4 @ ${uaccess}:190 [inlined]`,
        `hello_write + 36 @ ${hello}:44`,
        `spin_unlock @ ${hello}:4 [inlined]`,
        `hello_write + 52 @ ${hello}:0`,
        `hello_write + 95 @ ${hello}:4`,
        "error: address 0xffffffff81000160 is not in GSYM",
        "far_away + 1 @ head.S:3",
        "far_away + 10",
      ]);
      const dump = await runFilter(LLVM_GSYMUTIL, ["--verify", file], "");
      expect(dump).toContain("UUID         = abcd");
      expect(dump).not.toContain("error:");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
