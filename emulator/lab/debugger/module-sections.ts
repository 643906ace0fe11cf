import { ElfSymbols } from "../../debuginfo/elf/symbols.js";
import { parseElf, SHF_ALLOC } from "../../debuginfo/elf.js";
import { type GuestModule, type ModuleSection, sectionInMemory } from "../../guest/index.js";

/**
 * Where gdb is told that a section is which has no memory in the guest: the last 64 KiB of the
 * address space, where the kernel has no code. Without a place gdb would take 0, and name every
 * small number by a function in it.
 */
const AWAY: Readonly<Record<32 | 64, bigint>> = {
  32: 0xffff_0000n,
  64: 0xffff_ffff_ffff_0000n,
};

/**
 * The sections of a module's file that gdb has symbols in, and where they are now.
 * @param loaded the module in the guest. The kernel frees what only its init function needed.
 * @throws ElfError
 */
export function sectionsForGdb(file: Uint8Array, loaded: GuestModule): ModuleSection[] {
  const elf = parseElf(file);
  const symbols = ElfSymbols.ofFile(elf);
  const inUse = new Set<number | undefined>();
  for (let index = 1; index < symbols.count; index++) {
    if (symbols.name(index) !== "") inUse.add(symbols.at(index).section);
  }
  return elf.sections.flatMap(({ name, flags, size }, index): ModuleSection[] => {
    if ((flags & SHF_ALLOC) === 0 || size === 0) return [];
    if (name !== ".text" && !inUse.has(index)) return [];
    return [{ name, address: sectionInMemory(loaded, name)?.address ?? AWAY[elf.bits] }];
  });
}

/**
 * The command by which gdb reads a module's symbols; none where it is not known where they are.
 * The kernel places each section of a module on its own.
 */
export function addSymbolFile(file: string, sections: readonly ModuleSection[]): string[] {
  const text = sections.find(({ name }) => name === ".text");
  const others = sections.filter((section) => section !== text);
  const places = others.map(({ name, address }) => `-s ${name} ${hex(address)}`);
  const where = [...(text ? [hex(text.address)] : []), ...places];
  return where.length === 0 ? [] : [["add-symbol-file", quoteForGdb(file), ...where].join(" ")];
}

/** A word as gdb splits its arguments: libiberty, buildargv(). */
export function quoteForGdb(word: string): string {
  return /^[\w./:@%+=,~-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, "\\$&")}"`;
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
