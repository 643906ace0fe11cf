/** Where modules call the functions that take locks, against binutils' disassembler. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readTestModules, type TestModule } from "../../bench/modules.js";
import { lockCallSites } from "./call-sites.js";
import { lockFunction } from "./lock-functions.js";

let folder: string;
let modules: readonly TestModule[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "call-sites-"));
  modules = await readTestModules();
});

afterAll(() => rmSync(folder, { recursive: true }));

/** `section offset callee` of each call, as llvm-objdump's relocations have it. */
function callsByObjdump({ name, bytes }: TestModule): string[] {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const listing = execFileSync("llvm-objdump", ["-dr", path], { encoding: "utf8" });
  let section = "";
  let offset = "";
  const calls: string[] = [];
  for (const line of listing.split("\n")) {
    section = /^Disassembly of section (.*):$/.exec(line)?.[1] ?? section;
    const instruction = /^\s+([0-9a-f]+):.*\s(?:calll?|jmp)\s/.exec(line)?.[1];
    const callee = /R_386_P(?:C|LT)32\s+(\w+)/.exec(line)?.[1];
    if (instruction !== undefined) offset = instruction;
    else if (callee !== undefined && lockFunction(callee) !== undefined) {
      calls.push(`${section} ${offset} ${callee}`);
    }
  }
  return calls;
}

it("are those that the disassembler shows", () => {
  let count = 0;
  for (const module of modules) {
    const { sites, others } = lockCallSites(module.bytes);
    const found = sites.map(
      ({ section, offset, callee }) => `${section} ${offset.toString(16)} ${callee.name}`,
    );
    expect(found.sort(), module.name).toEqual(callsByObjdump(module).sort());
    expect(others, module.name).toBe(0);
    for (const { offset, returnOffset } of sites) expect(returnOffset).toBe(offset + 5);
    count += sites.length;
  }
  expect(count).toBeGreaterThan(15);
});

it("know which argument is the lock and how a call tells that it has it", () => {
  // Linux 6.1, kernel/locking/mutex.c, lib/dec_and_lock.c, kernel/locking/semaphore.c.
  expect(lockFunction("mutex_lock_interruptible")).toMatchObject({
    type: "struct mutex",
    argument: 0,
    takenWhen: "zero",
  });
  expect(lockFunction("_atomic_dec_and_lock")).toMatchObject({ argument: 1, takenWhen: "nonzero" });
  expect(lockFunction("down_trylock")).toMatchObject({ takenWhen: "zero" });
  expect(lockFunction("mutex_unlock")).toBeUndefined();
  expect(lockFunction("")).toBeUndefined();
});
