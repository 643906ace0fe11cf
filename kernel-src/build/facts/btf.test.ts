import { expect, test } from "vitest";
import { memberOffsets } from "./btf.js";

/** Lays out BTF as Documentation/bpf/btf.rst says: header, types, strings. */
function btf(types: readonly (readonly number[])[], strings: string): Buffer {
  const typeBytes = Buffer.from(Uint32Array.from(types.flat()).buffer);
  const stringBytes = Buffer.from(strings, "latin1");
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0xeb9f, 0);
  header.writeUInt8(1, 2);
  header.writeUInt32LE(24, 4);
  header.writeUInt32LE(0, 8);
  header.writeUInt32LE(typeBytes.length, 12);
  header.writeUInt32LE(typeBytes.length, 16);
  header.writeUInt32LE(stringBytes.length, 20);
  return Buffer.concat([header, typeBytes, stringBytes]);
}

const strings = "\0int\0rq\0nr_running\0nr_switches\0flag\0";
const name = (text: string): number => strings.indexOf(`\0${text}\0`) + 1;
const info = (kind: number, count: number, kindFlag = 0): number =>
  ((kindFlag << 31) | (kind << 24) | count) >>> 0;
const sample = btf(
  [
    [name("int"), info(1, 0), 4, 0x01000020], // INT: 4 bytes, signed, 32 bits
    [0, info(13, 1), 0, 0, 1], // FUNC_PROTO with one parameter
    [name("rq"), info(4, 3, 1), 16], // STRUCT with 3 members and bit fields
    [name("nr_running"), 1, 32],
    [name("flag"), 1, (1 << 24) | 65], // 1 bit wide, at bit 65
    [name("nr_switches"), 1, 96],
  ],
  strings,
);

test("finds members of a structure", () => {
  expect(memberOffsets(sample, ["rq.nr_switches", "rq.nr_running"])).toEqual({
    "rq.nr_switches": 12,
    "rq.nr_running": 4,
  });
});

test("names the members that are not there", () => {
  expect(() => memberOffsets(sample, ["rq.nr_running", "rq.cpu", "task_struct.pid"])).toThrow(
    "Not in the kernel's BTF: rq.cpu, task_struct.pid.",
  );
});

test("refuses a bit field, which has no offset in bytes", () => {
  expect(() => memberOffsets(sample, ["rq.flag"])).toThrow("rq.flag is a bit field.");
});

test("refuses what is no BTF", () => {
  expect(() => memberOffsets(Buffer.alloc(64), [])).toThrow("Not BTF data.");
});
