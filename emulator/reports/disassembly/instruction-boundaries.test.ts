import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { beforeAll, describe, expect, it } from "vitest";
import { CodeRelocations } from "../../debuginfo/code-relocations.js";
import { icedDisassembler } from "./iced.js";
import type { Disassembler } from "./instruction.js";
import { startOfRun } from "./instruction-boundaries.js";

/** What arch/x86/kernel/dumpstack.c, show_opcodes(), prints in front of the instruction pointer. */
const BYTES_IN_FRONT = 42;
const BYTES_BEHIND = 21;

let disassembler: Disassembler;

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("iced-x86/iced_x86_bg.wasm");
  disassembler = await icedDisassembler(await WebAssembly.compile(await readFile(path)));
});

describe("the start of a run in front of a trap", () => {
  it("is the start of an instruction nearly always", async () => {
    const archive = parseTar(gunzipSync(await readFile("images/i686/course.tar.gz")));
    let rows = 0;
    let right = 0;
    for (const { name, data } of archive) {
      if (!name.endsWith(".ko") || data === undefined) continue;
      const relocations = new CodeRelocations(data);
      for (const fn of relocations.functions) {
        const code = relocations.code(fn);
        const starts = disassembler.decode(code, 32, 0n).map(({ address }) => Number(address));
        for (const trap of starts.filter((start) => start > 10)) {
          const from = Math.max(0, trap - BYTES_IN_FRONT);
          const window = code.subarray(from, trap + BYTES_BEHIND);
          const first = startOfRun(disassembler, window, 32, trap - from);
          const run = disassembler.decode(window.subarray(first, trap - from), 32, 0n);
          rows += run.length;
          right += run.filter(({ address }) =>
            starts.includes(from + first + Number(address)),
          ).length;
        }
      }
    }
    expect(rows).toBeGreaterThan(1000);
    expect(right / rows).toBeGreaterThan(0.97);
  });

  it("is the trap itself where nothing in front leads to it", () => {
    // 0xff 0xff is no instruction, and takes a byte of the next one.
    expect(startOfRun(disassembler, Uint8Array.of(0xff, 0xff, 0x90), 32, 2)).toBe(2);
    expect(startOfRun(disassembler, Uint8Array.of(0x90), 32, 0)).toBe(0);
  });
});
