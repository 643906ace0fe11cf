import { describe, expect, it } from "vitest";
import { KernelLogParser } from "./kernel-log.js";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The example of Documentation/ABI/testing/dev-kmsg. */
const EXAMPLE =
  "7,160,424069,-;pci_root PNP0A03:00: host bridge window [io  0x0000-0x0cf7] (ignored)\n" +
  " SUBSYSTEM=acpi\n" +
  " DEVICE=+acpi:PNP0A03:00\n" +
  "6,339,5140900,-;NET: Registered protocol family 10\n" +
  "30,340,5690716,-;udevd[80]: starting version 181\n";

describe("KernelLogParser", () => {
  it("reads the example of the kernel's documentation", () => {
    const records = new KernelLogParser().push(bytes(EXAMPLE));
    expect(records).toEqual([
      {
        sequence: 160,
        level: 7,
        facility: 0,
        microseconds: 424069,
        seconds: 0.424069,
        text: "pci_root PNP0A03:00: host bridge window [io  0x0000-0x0cf7] (ignored)",
        continuation: false,
        dictionary: { SUBSYSTEM: "acpi", DEVICE: "+acpi:PNP0A03:00" },
        missing: 0,
      },
      expect.objectContaining({ sequence: 339, level: 6, missing: 178, dictionary: {} }),
      expect.objectContaining({ sequence: 340, level: 6, facility: 3, missing: 0 }),
    ]);
  });

  it("gives the same records byte by byte, each as soon as its line ends", () => {
    const parser = new KernelLogParser();
    const records = [...bytes(EXAMPLE)].flatMap((byte) => parser.push(Uint8Array.of(byte)));
    expect(records).toEqual(new KernelLogParser().push(bytes(EXAMPLE)));
    expect(new KernelLogParser().push(bytes("6,1,2,-;now\n"))).toHaveLength(1);
  });

  it("undoes the kernel's escapes", () => {
    const [record] = new KernelLogParser().push(
      bytes("4,1,2,-;one\\x0atwo\\x09\\x5cx41 \\x1b[1m \\xc3\\xa9 \\xff\n"),
    );
    expect(record?.text).toBe("one\ntwo\t\\x41 \x1b[1m é \ufffd");
  });

  it("reads the caller, and leaves out fields of later kernels", () => {
    const [record] = new KernelLogParser().push(bytes("6,1,2,-,caller=T42,new=1;text;more\n"));
    expect(record).toMatchObject({ caller: "T42", text: "text;more" });
  });

  it("says which records are fragments of a line", () => {
    const records = new KernelLogParser().push(bytes("6,1,2,-;a\n6,2,2,-;b\n6,3,2,c; rest\n"));
    expect(records.map(({ continuation }) => continuation)).toEqual([false, false, true]);
  });

  it("keeps numbers that fill 64 bits apart from noise", () => {
    const [record] = new KernelLogParser().push(bytes("6,9007199254740991,2,-;a\n"));
    expect(record?.sequence).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("leaves noise out, and finds the next record", () => {
    const parser = new KernelLogParser();
    const noise = `rest of a line\n SUBSYSTEM=lost\n\0\xff\n;\n6,1,2\n${"x".repeat(20_000)}\n`;
    const records = parser.push(bytes(`${noise}6,7,8,-;found\n`));
    expect(records).toEqual([expect.objectContaining({ sequence: 7, text: "found", missing: 0 })]);
    expect(records[0]?.dictionary).toEqual({});
  });

  it("does not keep the caller's buffer", () => {
    const parser = new KernelLogParser();
    const buffer = bytes("6,1,2,-;kept");
    parser.push(buffer);
    buffer.fill(0);
    expect(parser.push(bytes("\n"))[0]?.text).toBe("kept");
  });

  it("goes on after a restore from where the snapshot was taken", () => {
    const parser = new KernelLogParser();
    parser.push(bytes("6,1,2,-;before\n6,2,3,-;cut in "));
    const state = parser.save();
    parser.push(bytes("two\n6,3,4,-;of a future that did not happen\n6,4,"));

    parser.reset(state);
    expect(parser.push(bytes("two\n"))).toEqual([
      expect.objectContaining({ sequence: 2, text: "cut in two", missing: 0 }),
    ]);
  });

  it("after a reset without a state takes a cut line for noise, and counts nothing as missing", () => {
    const parser = new KernelLogParser();
    parser.push(bytes("6,1,2,-;before\n6,2,"));
    parser.reset();
    const records = parser.push(bytes("end of a line\n6,900,4,-;after\n"));
    expect(records).toEqual([expect.objectContaining({ sequence: 900, missing: 0 })]);
  });
});
