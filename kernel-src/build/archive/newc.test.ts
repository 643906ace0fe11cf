import { expect, test } from "vitest";
import type { ArchiveEntry } from "./entry.js";
import { writeNewc } from "./newc.js";

const root = { uid: 0, gid: 0 };
const entries: ArchiveEntry[] = [
  { kind: "directory", path: "bin", mode: 0o755, ...root },
  { kind: "symlink", path: "bin/link", target: "tool", mode: 0o777, ...root },
  { kind: "file", path: "bin/tool", data: Buffer.from("hello\n"), mode: 0o4755, ...root },
];

/** What GNU cpio 2.13 writes for them: `cpio -o -H newc --reproducible --owner 0:0`; `~` is NUL. */
const gnu = [
  "07070100000000000041ED0000000000000000000000026553F1000000000000000000000000000000000000000000",
  "0000000400000000bin~~~",
  "070701000000010000A1FF0000000000000000000000016553F1000000000400000000000000000000000000000000",
  "0000000900000000bin/link~~tool",
  "07070100000002000089ED0000000000000000000000016553F1000000000600000000000000000000000000000000",
  "0000000900000000bin/tool~~hello\n~~",
  "0707010000000000000000000000000000000000000001000000000000000000000000000000000000000000000000",
  "0000000B00000000TRAILER!!!~~~~",
].join("");

test("writes what GNU cpio writes", () => {
  const archive = writeNewc(entries, 1_700_000_000).toString("latin1").replaceAll("\0", "~");
  expect(archive).toBe(gnu);
});

test("does not depend on the order of the entries", () => {
  const archive = writeNewc([...entries].reverse(), 1_700_000_000);
  expect(archive.equals(writeNewc(entries, 1_700_000_000))).toBe(true);
});

test("writes a device node without being root", () => {
  const node = { kind: "character-device", path: "dev/console", major: 5, minor: 1 } as const;
  const archive = writeNewc([{ ...node, mode: 0o600, ...root }], 0).toString("latin1");
  // st_mode: 0020600 octal; device number: 5, 1; length of the name with its NUL: 12.
  expect(archive.slice(14, 22)).toBe("00002180");
  expect(archive.slice(78, 102)).toBe("00000005000000010000000C");
});

test.each(["/etc", "a/../b", "a//b", ""])("refuses the path %j", (path) => {
  const entry: ArchiveEntry = { kind: "directory", path, mode: 0o755, ...root };
  expect(() => writeNewc([entry], 0)).toThrow("Not a path inside an archive");
});

test("refuses the same path twice", () => {
  const entry: ArchiveEntry = { kind: "directory", path: "bin", mode: 0o755, ...root };
  expect(() => writeNewc([entry, entry], 0)).toThrow('Two archive entries have the path "bin"');
});
