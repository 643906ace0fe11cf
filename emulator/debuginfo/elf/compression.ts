import { unzlibSync } from "fflate";
import { decompress as unzstd } from "fzstd";
import { ByteReader } from "../byte-reader.js";
import { ElfError, type ElfFile, type ElfSection, SHF_COMPRESSED } from "../elf.js";

/** System V ABI, chapter 4, "Section Compression". */
const ELFCOMPRESS_ZLIB = 1;
const ELFCOMPRESS_ZSTD = 2;

/**
 * How many times its compressed size a section may have. zlib cannot reach more than 1032
 * (RFC 1951: 258 bytes from 2 bits), real debug sections stay below 20; without a bound a zstd
 * section of a few bytes could ask for gigabytes.
 */
const LARGEST_RATIO = 1040;

/** `ZLIB` and a big-endian size of 64 bits: what GNU tools did before SHF_COMPRESSED. */
const GNU_HEADER_SIZE = 12;

/**
 * The bytes of a section, decompressed if need be.
 * @throws ElfError
 */
export function readUncompressed(elf: ElfFile, section: ElfSection): Uint8Array {
  const bytes = elf.read(section);
  if ((section.flags & SHF_COMPRESSED) !== 0) return decompressStandard(elf, section, bytes);
  if (section.name.startsWith(".zdebug_")) return decompressGnu(section, bytes);
  return bytes;
}

function decompressStandard(elf: ElfFile, section: ElfSection, bytes: Uint8Array): Uint8Array {
  const header = new ByteReader(bytes, (message) => corrupt(section, message));
  const type = header.u32();
  if (elf.bits === 64) header.skip(4);
  const size = elf.bits === 64 ? header.u64() : header.u32();
  header.skip(elf.bits === 64 ? 8 : 4);
  const data = bytes.subarray(header.position);
  if (type === ELFCOMPRESS_ZLIB) return inflate(section, data, size);
  if (type === ELFCOMPRESS_ZSTD) return decompressZstd(section, data, size);
  throw new ElfError(
    "unsupported-elf",
    `Section ${section.name} is compressed by method ${type}, which is not known here: objcopy --decompress-debug-sections undoes it.`,
  );
}

function decompressGnu(section: ElfSection, bytes: Uint8Array): Uint8Array {
  const header = new ByteReader(bytes, (message) => corrupt(section, message));
  if (header.u32() !== 0x42494c5a) throw corrupt(section, "it does not begin with ZLIB");
  const bigEndian = Array.from({ length: 8 }, () => header.u8());
  const size = bigEndian.reduce((value, byte) => value * 256 + byte, 0);
  return inflate(section, bytes.subarray(GNU_HEADER_SIZE), size);
}

function inflate(section: ElfSection, data: Uint8Array, size: number): Uint8Array {
  // fflate drops what does not fit: with a byte to spare, too much is seen.
  const result = decompress(section, data, size, () =>
    unzlibSync(data, { out: new Uint8Array(size + 1) }),
  );
  if (result.length === size) return result;
  throw corrupt(section, `it does not hold the ${size} bytes that it claims`);
}

/** fzstd refuses what does not fit. What is missing, it leaves 0. */
function decompressZstd(section: ElfSection, data: Uint8Array, size: number): Uint8Array {
  return decompress(section, data, size, () => unzstd(data, new Uint8Array(size)));
}

function decompress(
  section: ElfSection,
  data: Uint8Array,
  size: number,
  run: () => Uint8Array,
): Uint8Array {
  if (size > data.length * LARGEST_RATIO) {
    throw corrupt(section, `${data.length} bytes cannot hold the ${size} that it claims`);
  }
  try {
    return run();
  } catch (error) {
    // The two libraries throw errors of their own, and what JavaScript throws on odd input.
    throw corrupt(section, error instanceof Error ? error.message : String(error));
  }
}

function corrupt(section: ElfSection, message: string): ElfError {
  return new ElfError(
    "corrupt-elf",
    `The compressed section ${section.name} cannot be read: ${message}.`,
  );
}
