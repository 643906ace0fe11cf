import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "./lock.js";

/** Linux's largest process id is 2^22 (proc(5), pid_max). */
const NO_PROCESS = 2 ** 22 + 1;

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kspace-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("keeps a second build out until the first has ended", async () => {
  await withLock(folder, async () => {
    const second = withLock(folder, async () => undefined);
    await expect(second).rejects.toThrow(`(process ${process.pid})`);
  });
  expect(await withLock(folder, async () => 42)).toBe(42);
});

test("is given back when the build fails", async () => {
  await expect(withLock(folder, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(folder)).toEqual([]);
});

test("is taken over from a process that is gone", async () => {
  await writeFile(join(folder, "lock"), `${NO_PROCESS}`);
  expect(await withLock(folder, async () => 42)).toBe(42);
});
