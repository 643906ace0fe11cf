// This file is for tests alone.
import { parseElf } from "../../debuginfo/elf.js";

/**
 * kbuild ends with pahole, which adds the types in BTF and has the file written anew: with the section's name,
 * its symbol, and all sections at other offsets.
 */
const REWRITTEN = ["", ".BTF", ".shstrtab", ".strtab", ".symtab"];

/**
 * Names of the sections in which two modules differ, or that only one of them has; those aside that
 * the last step of kbuild writes anew.
 */
export function differingSections(found: Uint8Array, expected: Uint8Array): string[] {
  const [got, wanted] = [contents(found), contents(expected)];
  const names = new Set([...got.keys(), ...wanted.keys()]);
  return [...names].filter((name) => got.get(name) !== wanted.get(name));
}

/** In hexadecimal, by name. */
function contents(module: Uint8Array): Map<string, string> {
  const elf = parseElf(module);
  const kept = elf.sections.filter(({ name }) => !REWRITTEN.includes(name));
  return new Map(
    kept.map((section) => [section.name, Buffer.from(elf.read(section)).toString("hex")]),
  );
}
