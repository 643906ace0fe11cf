import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { exportSingleStep, SINGLE_STEP } from "./v86-wasm.js";

const file = readFileSync(createRequire(import.meta.url).resolve("v86/build/v86.wasm"));

function exportsOf(bytes: Uint8Array): WebAssembly.ModuleExportDescriptor[] {
  return WebAssembly.Module.exports(new WebAssembly.Module(Uint8Array.from(bytes)));
}

describe("v86.wasm", () => {
  it("gets one more export, a function, and is otherwise the same", () => {
    expect(exportsOf(exportSingleStep(file))).toEqual([
      ...exportsOf(file),
      { name: SINGLE_STEP, kind: "function" },
    ]);
  });

  it("is refused where it has no such function, or is cut short", () => {
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    expect(() => exportSingleStep(empty)).toThrow("not the version pinned");
    expect(() => exportSingleStep(file.subarray(0, 1_000_000))).toThrow();
  });
});
