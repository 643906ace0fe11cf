/** The index of the real kernel, where it has been built, against LLVM's own tools. */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { openDebugFile } from "../../../emulator/debuginfo/index.js";
import { KernelIndex } from "../../../emulator/debuginfo/kernel-index.js";
import {
  formatChain,
  LLVM_GSYMUTIL,
  LLVM_SYMBOLIZER,
  locateAddress,
  missingLlvmTool,
  runFilter,
  type SymbolizedAddress,
  symbolize,
} from "../../../emulator/debuginfo/test-support/llvm-symbolizer.js";
import { makeKernelIndex } from "./kernel-index.js";
import { sampleCodeAddresses } from "./kernel-places.js";

const path = fileURLToPath(new URL("../../built/linux/vmlinux", import.meta.url));
const vmlinux = await readFile(path).catch(() => undefined);
const missing =
  vmlinux === undefined
    ? "no kernel-src/built/linux/vmlinux: npm run images -- kernel"
    : (missingLlvmTool(LLVM_SYMBOLIZER) ?? missingLlvmTool(LLVM_GSYMUTIL));

/** Reading 36 MB of DWARF takes 15 s on an idle machine. */
const TIMEOUT = 300_000;

describe.skipIf(missing !== undefined)(`a kernel's index${missing ? ` (${missing})` : ""}`, () => {
  const bytes = vmlinux ?? new Uint8Array();
  let made = new Uint8Array();
  let symbolized: SymbolizedAddress[] = [];

  beforeAll(async () => {
    made = Uint8Array.from(makeKernelIndex(bytes));
    symbolized = await symbolize(path, sampleCodeAddresses(bytes, 20_000, 2026).map(BigInt));
  }, TIMEOUT);

  it(
    "answers as llvm-symbolizer does, for 20,000 addresses",
    () => {
      expect(symbolized.length).toBeGreaterThan(19_900);
      const index = new KernelIndex(made);
      const ours = symbolized.map(({ address }) => formatChain(locateAddress(index, address)));
      expect(ours).toEqual(symbolized.map(({ chain }) => formatChain(chain)));
    },
    TIMEOUT,
  );

  it(
    "was made of debug information that answers as llvm-symbolizer does",
    () => {
      const file = openDebugFile(bytes);
      const ours = symbolized.map(({ address }) => formatChain(locateAddress(file, address)));
      expect(ours).toEqual(symbolized.map(({ chain }) => formatChain(chain)));
    },
    TIMEOUT,
  );

  it(
    "has the columns of what belongs to a line",
    () => {
      const index = new KernelIndex(made);
      const ofLines = symbolized.filter(({ chain }) => chain.every(({ line }) => line > 0));
      expect(ofLines.map(({ address }) => locateAddress(index, address))).toEqual(
        ofLines.map(({ chain }) => chain),
      );
    },
    TIMEOUT,
  );

  it(
    "is read by LLVM's own reader, but for rows of no line",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "kspace-gsym-"));
      try {
        const file = join(folder, "kernel.gsym");
        await writeFile(file, made);
        const input = symbolized.map(({ address }) => `0x${address.toString(16)} ${file}\n`);
        const output = await runFilter(LLVM_GSYMUTIL, ["--addresses-from-stdin"], input.join(""));
        const answers = output.split("\n\n").filter((answer) => answer.trim() !== "");
        const theirs = answers.map((answer, index) =>
          parseGsymutil(answer, symbolized[index]?.chain[0]?.line === 0),
        );
        expect(theirs).toEqual(symbolized.map(({ chain }) => expectGsymutil(chain)));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    TIMEOUT,
  );

  it("takes less than 2.5 MB compressed", () => {
    const packed = execFileSync("gzip", ["-9nc"], { input: made, maxBuffer: 2 ** 26 });
    expect(packed.length).toBeLessThan(2_500_000);
  });

  it("is what images/ has of the same kernel, byte for byte", async ({ skip }) => {
    const url = new URL("../../../images/i686/kernel.gsym.gz", import.meta.url);
    const shipped = await readFile(url).then(gunzipSync, () => undefined);
    if (shipped === undefined) return skip("not made yet: npm run images");
    const idOf = (index: Uint8Array): string => new KernelIndex(index).buildId.join();
    skip(idOf(shipped) !== idOf(made), "the kernel in kernel-src/built is another one");
    expect(Buffer.compare(shipped, made)).toBe(0);
  });
});

/**
 * A line for each step, `name + offset @ file:line [inlined]`; an error where nothing is found.
 * @param isOfNoLine GSYM has no rows of no line (FORMAT.md), and answers with the line before.
 */
function parseGsymutil(answer: string, isOfNoLine: boolean): string {
  if (answer.includes("error:")) return NOTHING;
  const steps = answer.trim().split("\n");
  return steps
    .map((step, index) => {
      const [, name, file, line] = GSYMUTIL_STEP.exec(step) ?? [];
      return `${name} ${file ?? "??"}:${isOfNoLine && index === 0 ? 0 : (line ?? 0)}`;
    })
    .join(" < ");
}

const NOTHING = "nothing";
const GSYMUTIL_STEP = /^(?:0x[0-9a-f]+:)?\s*(.+?)(?: \+ \d+)?(?: @ (.*?):(\d+))?(?: \[inlined\])?$/;

/** GSYM has no lines for padding. */
function expectGsymutil(chain: SymbolizedAddress["chain"]): string {
  return chain.at(-1)?.function === "??" ? NOTHING : formatChain(chain);
}
