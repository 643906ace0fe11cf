import { GsymReader } from "../../../debuginfo/gsym/gsym-reader.js";
import { writeDebugInfo } from "./debug-info-writer.js";
import { type ElfSymbol, type MemorySection, writeElf } from "./elf-writer.js";

/** `ADDRESS TYPE NAME`, as in System.map; the types are nm(1)'s. */
const SYMBOL = /^([0-9a-f]+) (\w) (\S+)$/;
const CODE = /^[TtWw]$/;

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
  const sizes = new Map<bigint, number>();
  for (let index = 0; index < gsym.starts.length; index++) {
    const { start, size } = gsym.symbol(index);
    sizes.set(base + BigInt(start), size);
  }
  const symbols = parseSymbols(sources.symbols, sizes);
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

function* functionsOf(gsym: GsymReader) {
  for (let index = 0; index < gsym.starts.length; index++) yield gsym.function(index);
}

function parseSymbols(map: string, sizes: ReadonlyMap<bigint, number>): ElfSymbol[] {
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
        size: isCode ? (sizes.get(address) ?? 0) : 0,
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
