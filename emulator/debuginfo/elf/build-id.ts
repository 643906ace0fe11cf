import { ByteReader } from "../byte-reader.js";
import { ElfError, type ElfFile } from "../elf.js";

const SHT_NOTE = 7;
const NT_GNU_BUILD_ID = 3;
/** `GNU` and a NUL, as a little-endian number. */
const OWNER_GNU = 0x00554e47;
/** In front of a note's name: the sizes of name and description, and the type. */
export const NOTE_HEADER_BYTES = 12;

/**
 * What the linker derived from the file's contents, in hexadecimal digits.
 * @throws ElfError
 */
export function readBuildId(elf: ElfFile): string | undefined {
  for (const section of elf.sections) {
    if (section.type !== SHT_NOTE) continue;
    const id = buildIdInNotes(elf.read(section), section.name);
    if (id !== undefined) return id;
  }
  return undefined;
}

/**
 * The same from notes: System V ABI, chapter 5, "Note Section". Those of a loaded module are
 * in /sys/module/NAME/notes.
 * @param where they are from, for the error
 * @throws ElfError
 */
export function buildIdInNotes(notes: Uint8Array, where: string): string | undefined {
  const fail = (message: string): ElfError =>
    new ElfError("corrupt-elf", `The notes in ${where} are damaged: ${message}.`);
  const reader = new ByteReader(notes, fail);
  while (reader.position + NOTE_HEADER_BYTES <= reader.end) {
    const nameSize = reader.u32();
    const size = reader.u32();
    const type = reader.u32();
    const owner = nameSize === 4 ? reader.u32() : reader.skip(padded(nameSize));
    const start = reader.position;
    if (type === NT_GNU_BUILD_ID && owner === OWNER_GNU) {
      reader.skip(size);
      return hexadecimal(reader.bytes.subarray(start, start + size));
    }
    // The last note need not be padded.
    reader.seek(Math.min(start + padded(size), reader.end));
  }
  return undefined;
}

/**
 * How many bytes a note takes, its header and all padding included.
 * @param header its first {@link NOTE_HEADER_BYTES}
 */
export function noteBytes(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  return NOTE_HEADER_BYTES + padded(view.getUint32(0, true)) + padded(view.getUint32(4, true));
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
