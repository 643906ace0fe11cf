import { expect, it } from "vitest";
import { StringTable } from "./string-table.js";

it("keeps each string once, the empty one at the start", () => {
  const table = new StringTable();
  const [first, second] = [table.offsetOf("vfs_write"), table.offsetOf("ü")];
  expect([table.offsetOf(""), first, second, table.offsetOf("vfs_write")]).toEqual([0, 1, 11, 1]);
  expect(Buffer.from(table.bytes).toString()).toBe("\0vfs_write\0ü\0");
});
