import { GsymReader } from "../../../debuginfo/gsym/gsym-reader.js";
import { writeDebugInfo } from "./debug-info-writer.js";
import { type ElfSymbol, type MemorySection, writeElf } from "./elf-writer.js";
import type { CoveredFunction } from "./line-program-writer.js";

/** `ADDRESS TYPE NAME`, as in System.map; the types are nm(1)'s. */
const SYMBOL = /^([0-9a-f]+) (\w) (\S+)$/;
const CODE = /^[TtWw]$/;
/** Where a part of the code begins, in include/asm-generic/vmlinux.lds.h: no function. */
const SECTION_MARK = /^__\w+_text_(?:start|end)$/;

/** What a `vmlinux` is made from where the kernel's own is not at hand. */
export interface KernelSymbolSources {
  readonly bits: 32 | 64;
  /** `System.map`, unpacked. */
  readonly symbols: string;
  /** The compact index of lines and inlined calls, unpacked. */
  readonly index: Uint8Array;
  /** The kernel's `.debug_frame`, unpacked: how to get from a frame to its caller's. */
  readonly frames: Uint8Array;
  /** Where the kernel was compiled, as debug information names it. */
  readonly sourceFolder: string;
}

/**
 * Makes a `vmlinux` for gdb: symbols, functions, lines, inlined calls and how frames are
 * unwound, but no types, no variables and no code. gdb reads the code from the machine.
 * @throws GsymError for an index that is damaged.
 */
export function makeKernelSymbolFile(sources: KernelSymbolSources): Uint8Array {
  const { bits, frames, sourceFolder } = sources;
  const gsym = new GsymReader(sources.index);
  const base = gsym.header.baseAddress;
  const symbols = parseSymbols(sources.symbols, sizesOf(gsym));
  return writeElf({
    bits,
    memory: memorySections(symbols),
    symbols,
    debug: [
      ...writeDebugInfo({
        bits,
        base,
        folder: sourceFolder,
        producer: "kspace",
        functions: functionsOf(gsym),
      }),
      { name: ".debug_frame", bytes: frames },
    ],
  });
}

function* functionsOf(gsym: GsymReader): Iterable<CoveredFunction> {
  for (let index = 0; index < gsym.starts.length; index++) {
    const record = gsym.function(index);
    const next = gsym.starts[index + 1] ?? record.start + record.size;
    yield { record, extent: next - record.start };
  }
}

/** By name and address: there are several functions of one name. */
function sizesOf(gsym: GsymReader): Map<string, number> {
  const sizes = new Map<string, number>();
  const add = (name: string, index: number): void => {
    const { start, size } = gsym.symbol(index);
    sizes.set(`${name} ${gsym.header.baseAddress + BigInt(start)}`, size);
  };
  for (let index = 0; index < gsym.starts.length; index++) add(gsym.symbol(index).name, index);
  for (const { name, index } of gsym.aliases()) if (!SECTION_MARK.test(name)) add(name, index);
  return sizes;
}

function parseSymbols(map: string, sizes: ReadonlyMap<string, number>): ElfSymbol[] {
  return map.split("\n").flatMap((line): ElfSymbol[] => {
    const [, digits, type, name] = SYMBOL.exec(line) ?? [];
    // `A` is a number that the linker was given, and no place.
    if (digits === undefined || type === undefined || name === undefined || type === "A") return [];
    const address = BigInt(`0x${digits}`);
    const isCode = CODE.test(type);
    return [
      {
        name,
        address,
        size: isCode ? (sizes.get(`${name} ${address}`) ?? 0) : 0,
        kind: isCode ? "code" : "data",
        global: type === type.toUpperCase(),
      },
    ];
  });
}

/** The kernel's own marks of where code and data are: include/asm-generic/vmlinux.lds.h. */
function memorySections(symbols: readonly ElfSymbol[]): MemorySection[] {
  const mark = (name: string): bigint | undefined =>
    symbols.find((symbol) => symbol.name === name)?.address;
  const [text, etext] = [mark("_text"), mark("_etext")];
  const [sinittext, einittext, end] = [mark("_sinittext"), mark("_einittext"), mark("_end")];
  const parts: readonly [string, bigint | undefined, bigint | undefined, "code" | "data"][] = [
    [".text", text, etext, "code"],
    [".data", etext, sinittext, "data"],
    [".init.text", sinittext, einittext, "code"],
    [".init.data", einittext, end, "data"],
  ];
  return parts.flatMap(([name, start, partEnd, kind]): MemorySection[] =>
    start !== undefined && partEnd !== undefined && start < partEnd
      ? [{ name, start, end: partEnd, kind }]
      : [],
  );
}
