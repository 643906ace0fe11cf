import type { CodePlace } from "../debug-info.js";
import { type ElfFile, ET_REL, SHF_ALLOC } from "../elf.js";

/**
 * The address that gdb shows for a place. For linked files it is the file's own. The sections
 * of a relocatable file all begin at 0; gdb puts those that the program will have in memory
 * one behind the other, in the order of the file (gdb 13, symfile.c, default_symfile_offsets).
 * So `.text` begins at 0 only in a file that begins with it.
 */
export function displayedAddress({ sections, type }: ElfFile, place: CodePlace): bigint {
  const own = sections[place.section]?.address ?? 0n;
  if (type !== ET_REL || sections.some(({ address }) => address !== 0n)) {
    return own + BigInt(place.offset);
  }
  let next = 0;
  for (const [index, { flags, size, alignment }] of sections.entries()) {
    if ((flags & SHF_ALLOC) === 0) continue;
    const start = alignment > 1 ? Math.ceil(next / alignment) * alignment : next;
    if (index === place.section) return BigInt(start + place.offset);
    next = start + size;
  }
  return BigInt(place.offset);
}
