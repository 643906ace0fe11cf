import { expect, it } from "vitest";
import { StringPool } from "./string-pool.js";

it("keeps each string once, the empty one at the start", () => {
  const pool = new StringPool();
  const [first, second] = [pool.offsetOf("vfs_write"), pool.offsetOf("ü")];
  expect([pool.offsetOf(""), first, second, pool.offsetOf("vfs_write")]).toEqual([0, 1, 11, 1]);
  expect(Buffer.from(pool.bytes).toString()).toBe("\0vfs_write\0ü\0");
});
