import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { ArchiveEntry } from "./entry.js";
import { writeUstar } from "./ustar.js";

const student = { uid: 1000, gid: 1000 };
const entries: ArchiveEntry[] = [
  { kind: "symlink", path: "home/link", target: "a.out", mode: 0o777, ...student },
  { kind: "file", path: "home/a.out", data: Buffer.from("hello\n"), mode: 0o755, ...student },
  { kind: "directory", path: "home", mode: 0o755, ...student },
];

test("writes what GNU tar writes", () => {
  // GNU tar 1.34: tar --format=ustar --owner=:1000 --group=:1000 --numeric-owner --sort=name
  // --blocking-factor=1 --create home
  expect(createHash("sha256").update(writeUstar(entries, 1_700_000_000)).digest("hex")).toBe(
    "234d6006b99c01f77e4c86425a1d9188e5ef5179e06f81750dd7fcb461ee92dd",
  );
});

test("refuses a path that does not fit", () => {
  const entry: ArchiveEntry = { kind: "directory", path: "a".repeat(100), mode: 0o755, ...student };
  expect(() => writeUstar([entry], 0)).toThrow("too long for a tar archive: 101 bytes of 100");
});
