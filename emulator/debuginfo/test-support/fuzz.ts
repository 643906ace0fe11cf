import { zlibSync } from "fflate";
import { openDebugFile } from "../debug-file.js";
import { DwarfError } from "../dwarf/dwarf-error.js";
import { ElfError, type ElfSection, parseElf, SHF_COMPRESSED } from "../elf.js";
import { listPlace } from "../list.js";
import { cpuTime } from "./cpu-time.js";
import { ByteWriter, rebuildElf } from "./elf-builder.js";

/** A damaged file. */
export interface Mutant {
  readonly bytes: Uint8Array;
  /** What was done to the file that it was made of. */
  readonly description: string;
}

/** An input that was not dealt with as it should. */
export interface FuzzFailure extends Mutant {
  readonly problem: string;
}

export interface FuzzResult {
  /** Files tried. */
  readonly inputs: number;
  /** How many of them were refused, by the code of the error. */
  readonly refused: ReadonlyMap<string, number>;
  /** Processor time. */
  readonly slowestMs: number;
  readonly failures: readonly FuzzFailure[];
}

/**
 * What is damaged for the most part: the debug sections, or headers, symbols, relocations and
 * all else that makes an ELF file.
 */
export type FuzzFocus = "dwarf" | "elf";

/** Random numbers from 0 to 1, as Math.random makes them. */
export type Random = () => number;

/** Processor time that a file of 300 KB may take to be read in every way. */
const LONGEST_MS = 2000;
const MOST_FAILURES = 10;
/** Places looked up in each file. */
const PLACES = 40;

/**
 * Reads damaged variants of a file until there were enough. Only the typed errors may come out
 * of that, and none of them may take long.
 * @param isEnough asked with the number of variants so far, before each.
 */
export async function fuzzDebugInfo(
  seedBytes: Uint8Array,
  random: Random,
  isEnough: (inputs: number) => boolean,
  focus: FuzzFocus = "dwarf",
): Promise<FuzzResult> {
  const refused = new Map<string, number>();
  const failures: FuzzFailure[] = [];
  let inputs = 0;
  let slowestMs = 0;
  for (const mutant of mutants(seedBytes, random, focus)) {
    if (isEnough(inputs) || failures.length >= MOST_FAILURES) break;
    inputs++;
    const start = cpuTime();
    for (const error of await readInEveryWay(mutant.bytes, random)) {
      const code = error instanceof DwarfError || error instanceof ElfError ? error.code : "";
      if (code === "") failures.push({ ...mutant, problem: describe(error) });
      else refused.set(code, (refused.get(code) ?? 0) + 1);
    }
    const took = cpuTime() - start;
    slowestMs = Math.max(slowestMs, took);
    if (took > LONGEST_MS) failures.push({ ...mutant, problem: `took ${Math.round(took)} ms` });
  }
  return { inputs, refused, slowestMs, failures };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Asks a file everything that it can be asked; returns the errors. */
async function readInEveryWay(bytes: Uint8Array, random: Random): Promise<unknown[]> {
  const errors: unknown[] = [];
  const attempt = async (question: () => unknown): Promise<void> => {
    try {
      await question();
    } catch (error) {
      errors.push(error);
    }
  };
  let file: ReturnType<typeof openDebugFile> | undefined;
  await attempt(() => {
    file = openDebugFile(bytes);
  });
  const opened = file;
  if (opened === undefined) return errors;
  await attempt(() => opened.buildId);
  await attempt(() => opened.units());
  await attempt(() => {
    for (const { name, place, size } of opened.symbols()) {
      opened.resolve(name, 1, size);
      opened.symbolAt(place);
    }
  });
  await attempt(() => opened.resolve("not_there", 0));
  await attempt(() => {
    for (const { section, start, size } of opened.functions()) {
      opened.code({ section, offset: start }, size);
    }
  });
  const sections = opened.elf.sections
    .map((section, index) => ({ section, index }))
    .filter(({ index }) => opened.space.hasCode(index));
  for (let count = 0; count < PLACES && sections.length > 0; count++) {
    const { section, index } = pick(sections, random);
    const place = { section: index, offset: Math.floor(random() * (section.size + 1)) };
    await attempt(() => opened.locate(place));
    await attempt(() => listPlace(opened, place, () => undefined));
  }
  return errors;
}

/** Endless variants of a file, each with one to four kinds of damage. */
export function* mutants(
  seed: Uint8Array,
  random: Random,
  focus: FuzzFocus = "dwarf",
): Generator<Mutant> {
  const damages = focus === "dwarf" ? DAMAGES : [...DAMAGES, ...HEADER_DAMAGES];
  const seeds = [seed, compressDebugSections(seed)];
  for (;;) {
    const original = pick(seeds, random);
    const { sections } = parseElf(original);
    let bytes: Uint8Array = original.slice();
    const descriptions: string[] = [];
    const steps = 1 + Math.floor(random() ** 2 * 4);
    for (let step = 0; step < steps; step++) {
      const damage = pick(damages, random);
      const result = damage(bytes, pickSection(sections, random, focus), random);
      bytes = result.bytes;
      descriptions.push(result.description);
    }
    yield { bytes, description: descriptions.join("; ") };
  }
}

type Damage = (bytes: Uint8Array, section: Region, random: Random) => Mutant;

/** A part of the file that is damaged. */
interface Region {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** Values that are at the edge of something. */
const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff,
  0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fffe, 0xffff_ffff,
];

const DAMAGES: readonly Damage[] = [
  flipBits,
  flipBits,
  truncate,
  overwriteNumber,
  overwriteNumber,
  overwriteStart,
  endlessNumber,
  copyWithin,
  zero,
  overwriteHeader,
];

/** Besides those above, where the file around the debug information is what counts. */
const HEADER_DAMAGES: readonly Damage[] = [overwriteHeader, overwriteHeader, overwriteHeader];

function flipBits(bytes: Uint8Array, region: Region, random: Random): Mutant {
  const count = 1 + Math.floor(random() * 8);
  for (let flip = 0; flip < count; flip++) {
    const at = position(bytes, region, random);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return { bytes, description: `${count} bits of ${region.name} flipped` };
}

function truncate(bytes: Uint8Array, _region: Region, random: Random): Mutant {
  const size = Math.floor(random() * bytes.length);
  return { bytes: bytes.slice(0, size), description: `cut off at ${size}` };
}

function overwriteNumber(bytes: Uint8Array, region: Region, random: Random): Mutant {
  const at = position(bytes, region, random);
  const description = writeEdge(bytes, at, random);
  return { bytes, description: `${region.name}: ${description}` };
}

/** Lengths, versions and counts stand at the beginning. */
function overwriteStart(bytes: Uint8Array, region: Region, random: Random): Mutant {
  const at = region.offset + Math.floor(random() * Math.min(region.size, 40));
  const description = writeEdge(bytes, at, random);
  return { bytes, description: `the start of ${region.name}: ${description}` };
}

function writeEdge(bytes: Uint8Array, at: number, random: Random): string {
  const value = pick(EDGES, random);
  const size = pick([1, 2, 4, 8], random);
  for (let byte = 0; byte < size && at + byte < bytes.length; byte++) {
    bytes[at + byte] = byte < 4 ? value >>> (8 * byte) : 0;
  }
  return `${size} bytes at ${at} are ${value}`;
}

function endlessNumber(bytes: Uint8Array, region: Region, random: Random): Mutant {
  const at = position(bytes, region, random);
  const length = 1 + Math.floor(random() * 40);
  bytes.fill(pick([0x80, 0xff], random), at, at + length);
  return { bytes, description: `${region.name}: a LEB128 of ${length} bytes at ${at}` };
}

function copyWithin(bytes: Uint8Array, region: Region, random: Random): Mutant {
  const from = position(bytes, region, random);
  const to = position(bytes, region, random);
  const length = Math.floor(random() ** 3 * region.size);
  bytes.copyWithin(to, from, from + length);
  return { bytes, description: `${region.name}: ${length} bytes from ${from} also at ${to}` };
}

function zero(bytes: Uint8Array, region: Region, random: Random): Mutant {
  const at = position(bytes, region, random);
  const length = 1 + Math.floor(random() * 64);
  bytes.fill(0, at, at + length);
  return { bytes, description: `${region.name}: ${length} zeros at ${at}` };
}

/** The file's header, or that of any section. */
function overwriteHeader(bytes: Uint8Array, _region: Region, random: Random): Mutant {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is64 = bytes[4] === 2;
  const table = bytes.length < 64 ? 0 : view.getUint32(is64 ? 40 : 32, true);
  const sectionHeaders = { name: "the section headers", offset: table, size: bytes.length - table };
  const header = { name: "the header", offset: 0, size: 64 };
  const region = random() < 0.2 || table >= bytes.length ? header : sectionHeaders;
  return random() < 0.5 ? overwriteNumber(bytes, region, random) : flipBits(bytes, region, random);
}

function position(bytes: Uint8Array, { offset, size }: Region, random: Random): number {
  return Math.min(offset + Math.floor(random() * size), Math.max(0, bytes.length - 1));
}

/** Of the sections in focus for the most part; relocations of debug sections are in both. */
function pickSection(sections: readonly ElfSection[], random: Random, focus: FuzzFocus): Region {
  const any = sections.filter(({ size }) => size > 0);
  const focused = any.filter(({ name }) =>
    focus === "dwarf" ? name.includes("debug_") : !name.startsWith(".debug_"),
  );
  return pick(random() < 0.85 && focused.length > 0 ? focused : any, random);
}

function pick<T>(choices: readonly T[], random: Random): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error("There is nothing to choose from.");
  return choice;
}

/** The file as `gcc -gz=zlib` would have made it: System V ABI, chapter 4, "Section Compression". */
export function compressDebugSections(file: Uint8Array): Uint8Array {
  const { bits } = parseElf(file);
  return rebuildElf(file, (plan) => {
    if (!plan.name.startsWith(".debug_")) return plan;
    const header = new ByteWriter().u32(1);
    if (bits === 64) header.u32(0);
    header.word(bits, plan.bytes.length).word(bits, plan.alignment ?? 1);
    const bytes = header.bytes(zlibSync(plan.bytes, { level: 1 })).finish();
    return { ...plan, bytes, flags: (plan.flags ?? 0) | SHF_COMPRESSED };
  });
}

/** Random numbers that are the same each time: xorshift32 (Marsaglia 2003). */
export function seededRandom(seed: number): Random {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
