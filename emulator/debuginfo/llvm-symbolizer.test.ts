import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { type DebugFile, openDebugFile } from "./debug-file.js";
import type { CodePlace, SourceLocation } from "./debug-info.js";
import { ET_REL, SHF_ALLOC } from "./elf.js";
import { type FunctionRecord, locateInFunction } from "./function-record.js";
import { lastNotAbove } from "./sorted.js";
import { rebuildElf } from "./test-support/elf-builder.js";
import { seededRandom } from "./test-support/fuzz.js";
import { LLVM_SYMBOLIZER, symbolize } from "./test-support/llvm-symbolizer.js";
import { courseModules, missingTool, runTool } from "./test-support/tools.js";

/** What `npm run images` leaves of the kernel's build. */
const VMLINUX = fileURLToPath(new URL("../../kernel-src/built/linux/vmlinux", import.meta.url));
const SAMPLE = fileURLToPath(new URL("test-support/sample.c", import.meta.url));

const missing = missingTool(LLVM_SYMBOLIZER, "llvm-16");
const folder = mkdtempSync(join(tmpdir(), "kspace-symbolizer-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Question {
  readonly place: CodePlace;
  /** For the tool. */
  readonly address: bigint;
}

/** A module's sections all begin at 0, where the tool cannot tell them apart. */
function spreadSections(bytes: Uint8Array): Uint8Array {
  let next = 0n;
  return rebuildElf(bytes, (plan) => {
    next += 0x100_0000n;
    // The tool reads .debug_aranges without its relocations, and finds the first section only.
    if (plan.name === ".debug_aranges") return { ...plan, name: ".unused" };
    return ((plan.flags ?? 0) & SHF_ALLOC) === 0 ? plan : { ...plan, address: next };
  });
}

function everyByte({ space, elf }: DebugFile, spread: DebugFile): Question[] {
  return space.code.flatMap(({ section }) =>
    Array.from({ length: elf.sections[section]?.size ?? 0 }, (_, offset) => ({
      place: { section, offset },
      address: (spread.elf.sections[section]?.address ?? 0n) + BigInt(offset),
    })),
  );
}

function format(chain: readonly SourceLocation[]): string {
  if (chain.length === 0) return "?? ??:0:0";
  return chain.map((at) => `${at.function} ${at.file}:${at.line}:${at.column}`).join(" < ");
}

/** Differences between the tool and our two ways of asking: a look-up, and the records. */
async function compare(file: DebugFile, path: string, questions: Question[]): Promise<string[]> {
  const answers = await symbolize(
    path,
    questions.map(({ address }) => address),
  );
  const records = new Map<number, FunctionRecord[]>();
  for (const record of file.functions()) {
    const known = records.get(record.section);
    if (known === undefined) records.set(record.section, [record]);
    else known.push(record);
  }
  const starts = new Map(
    [...records].map(([section, inSection]) => [section, inSection.map(({ start }) => start)]),
  );
  return questions.flatMap(({ place, address }, index) => {
    const expected = format(answers[index]?.chain ?? []);
    const inSection = records.get(place.section) ?? [];
    const record = inSection[lastNotAbove(starts.get(place.section) ?? [], place.offset)];
    const inside = record !== undefined && place.offset < record.start + record.size;
    const found = [
      format(file.locate(place)),
      format(inside ? locateInFunction(record, place.offset - record.start) : []),
    ];
    return found
      .filter((text) => text !== expected)
      .map((text) => `0x${address.toString(16)}: ${text} instead of ${expected}`);
  });
}

async function compareRelocatable(bytes: Uint8Array, name: string): Promise<[number, string[]]> {
  const path = join(folder, `${name.replaceAll(/[^\w.-]/g, "_")}.spread`);
  const spread = spreadSections(bytes);
  writeFileSync(path, spread);
  const file = openDebugFile(bytes);
  expect(file.elf.type).toBe(ET_REL);
  const questions = everyByte(file, openDebugFile(spread));
  return [questions.length, await compare(file, path, questions)];
}

describe.skipIf(missing)(`As ${LLVM_SYMBOLIZER}${missing ? ` (skipped: ${missing})` : ""}`, () => {
  it("every byte of code of every module", async () => {
    const modules = await courseModules();
    expect(modules.size).toBeGreaterThan(4);
    for (const [name, bytes] of modules) {
      const [asked, differences] = await compareRelocatable(bytes, name);
      expect(asked).toBeGreaterThan(0);
      expect(differences, name).toEqual([]);
    }
  });

  describe.each([
    ["gcc", "gcc"],
    ["clang-16", "clang-16"],
  ])("code of %s", (compiler, debianPackage) => {
    const noCompiler = missingTool(compiler, debianPackage) ?? notForX86(compiler);
    const formats = ["-gdwarf-2", "-gdwarf-3", "-gdwarf-4", "-gdwarf-5"];
    const variants = [
      ...formats.flatMap((format) => [`-m32 -O2 ${format}`, `-m64 -O2 ${format}`]),
      ...["-m32", "-m64"].flatMap((machine) => [
        `${machine} -O2 -gdwarf-5 -gz=zlib`,
        `${machine} -O2 -gdwarf-4 -ffunction-sections`,
        `${machine} -O2 -gdwarf-5 -ffunction-sections`,
        `${machine} -O0 -gdwarf-5`,
        `${machine} -Os -gdwarf-5`,
        `${machine} -O3 -gdwarf-5`,
      ]),
      "-m64 -O2 -gdwarf-5 -gdwarf64",
    ];
    // Debian's gcc is built without zstd.
    if (compiler !== "gcc") variants.push("-m64 -O2 -gdwarf-5 -gz=zstd", "-m32 -O2 -g -gz=zstd");

    it.skipIf(noCompiler)(noCompiler ?? "every byte, compiled in many ways", async () => {
      for (const variant of variants) {
        const [, differences] = await compareRelocatable(compile(compiler, variant), variant);
        expect(differences, variant).toEqual([]);
      }
    });

    it.skipIf(noCompiler)("sections that GNU tools compressed in the old way", () => {
      const plain = openDebugFile(compile(compiler, "-m64 -O2 -gdwarf-4"));
      const path = join(folder, "old.o");
      runTool("objcopy", ["--compress-debug-sections=zlib-gnu", join(folder, "sample.o"), path]);
      const old = openDebugFile(readFileSync(path));
      expect(old.elf.sections.some(({ name }) => name.startsWith(".zdebug_"))).toBe(true);
      for (const { place } of everyByte(plain, plain)) {
        const name = plain.sectionName(place.section);
        const section = old.elf.sections.findIndex((candidate) => candidate.name === name);
        expect(old.locate({ ...place, section })).toEqual(plain.locate(place));
      }
    });

    const noLinker = noCompiler ?? missingTool("ld.lld-16", "lld-16");
    it.skipIf(noLinker)(noLinker ?? "a file linked where 64-bit kernels lie", async () => {
      compile(compiler, "-m64 -O2 -g -mcmodel=kernel");
      const path = join(folder, "linked");
      runTool("ld.lld-16", [
        "--image-base=0xffffffff80000000",
        "-Ttext=0xffffffff81000000",
        "--entry=outer",
        "--unresolved-symbols=ignore-all",
        join(folder, "sample.o"),
        `-o${path}`,
      ]);
      const file = openDebugFile(readFileSync(path));
      const questions = everyByte(file, file);
      expect(questions[0]?.address).toBeGreaterThan(0xffff_ffff_0000_0000n);
      expect(file.placeOf(questions[5]?.address ?? 0n)).toEqual(questions[5]?.place);
      expect(await compare(file, path, questions)).toEqual([]);
    });
  });

  const noKernel = existsSync(VMLINUX) ? undefined : "no vmlinux: npm run images builds it";
  it.skipIf(noKernel)(
    noKernel ?? "20,000 random addresses of the kernel",
    { timeout: 180_000 },
    async () => {
      const file = openDebugFile(readFileSync(VMLINUX));
      const { code } = file.space;
      const total = code.reduce((sum, { start, end }) => sum + end - start, 0);
      const random = seededRandom(20_000);
      const questions = Array.from({ length: 20_000 }, (): Question => {
        let rest = Math.floor(random() * total);
        const extent = code.find(({ start, end }) => {
          if (rest < end - start) return true;
          rest -= end - start;
          return false;
        });
        const section = extent?.section ?? 0;
        const address = (file.elf.sections[section]?.address ?? 0n) + BigInt(rest);
        return { place: { section, offset: rest }, address };
      });
      expect(await compare(file, VMLINUX, questions)).toEqual([]);
    },
  );
});

function compile(compiler: string, options: string): Uint8Array {
  const path = join(folder, "sample.o");
  const fixed = ["-ffreestanding", "-fno-pic", "-c", SAMPLE, "-o", path];
  runTool(compiler, [...options.split(" "), ...fixed]);
  return readFileSync(path);
}

function notForX86(compiler: string): string | undefined {
  const machine = runTool(compiler, ["-dumpmachine"]).trim();
  return /^(x86_64|i.86)/.test(machine) ? undefined : `${compiler} compiles for ${machine}`;
}
