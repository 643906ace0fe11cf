import type { X64Measurement } from "./x64-bench.js";

/** Prints what was measured, as millions of instructions a second, with ratios to the engine's. */
export function printX64Bench(rows: readonly X64Measurement[]): void {
  const cell = (text: string): string => text.padStart(10);
  const number = (value: number | undefined): string => cell(value?.toFixed(0) ?? "");
  const times = (other: number | undefined, own: number): string =>
    cell(other === undefined ? "" : `${(other / own).toFixed(1)}x`);
  const head = ["kspace", "native", "", "QEMU", ""].map(cell).join("");
  console.log(`\n${"x86-64, million instructions a second".padEnd(40)}${head}`);
  for (const { name, engine, native, qemu } of rows) {
    const cells = [number(engine), number(native), times(native, engine), number(qemu)];
    console.log(`${name.padEnd(40)}${cells.join("")}${times(qemu, engine)}`);
  }
  if (rows.some(({ qemu }) => qemu === undefined)) console.log("qemu-x86_64 is not installed.");
  const what = ["blocks", "decoded", "walks", "dropped", "flushed"].map(cell).join("");
  console.log(`\n${"In a run: million instructions".padEnd(40)}${what}`);
  for (const { name, instructions, counts } of rows) {
    const { decodedBlocks, decodedInstructions, pageWalks, invalidations, flushes } = counts;
    const cells = [decodedBlocks, decodedInstructions, pageWalks, invalidations, flushes];
    const label = `${name.padEnd(32)}${(instructions / 1e6).toFixed(0).padStart(8)}`;
    console.log(`${label}${cells.map((count) => cell(`${count}`)).join("")}`);
  }
  console.log(
    "blocks and instructions decoded, page walks, pages with code that were written, and how\n" +
      "often all blocks were dropped.",
  );
}
