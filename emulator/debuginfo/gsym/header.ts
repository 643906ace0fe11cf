import { ByteReader } from "../byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { corruptGsym, GsymError } from "./gsym-error.js";

/** `GSYM`, as a little-endian number. */
const MAGIC = 0x4753594d;
const VERSION = 1;
export const HEADER_SIZE = 48;
const LARGEST_UUID = 20;

/** Kinds of chunks in the record of a function. */
export const INFO_END = 0;
export const INFO_LINE_TABLE = 1;
export const INFO_INLINE = 2;

/** What the numbers of the address table take, in bytes. */
export type AddressOffsetSize = 1 | 2 | 4 | 8;

/** The header of a GSYM file: LLVM, llvm/include/llvm/DebugInfo/GSYM/Header.h. */
export interface GsymHeader {
  readonly addressOffsetSize: AddressOffsetSize;
  /** All addresses of the file count from it. */
  readonly baseAddress: bigint;
  readonly addressCount: number;
  readonly stringTableOffset: number;
  readonly stringTableSize: number;
  /** The build ID of the file that was described; at most 20 bytes. */
  readonly uuid: Uint8Array;
}

export function writeHeader(writer: ByteWriter, header: GsymHeader): void {
  writer.u32(MAGIC);
  writer.u16(VERSION);
  writer.u8(header.addressOffsetSize);
  writer.u8(header.uuid.length);
  writer.u64(header.baseAddress);
  writer.u32(header.addressCount);
  writer.u32(header.stringTableOffset);
  writer.u32(header.stringTableSize);
  const uuid = new Uint8Array(LARGEST_UUID);
  uuid.set(header.uuid);
  writer.append(uuid);
}

/** @throws GsymError */
export function readHeader(bytes: Uint8Array): GsymHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint32(0, true) !== MAGIC) {
    throw new GsymError("not-gsym", "The file does not begin as a little-endian GSYM file does.");
  }
  if (bytes.length < HEADER_SIZE) throw corruptGsym("its header is cut off");
  const reader = new ByteReader(bytes, corruptGsym, 4);
  const version = reader.u16();
  if (version !== VERSION) {
    throw new GsymError(
      "unsupported-gsym",
      `The GSYM file has version ${version}; only version ${VERSION} is read here.`,
    );
  }
  const addressOffsetSize = reader.u8();
  if (!isAddressOffsetSize(addressOffsetSize)) {
    throw corruptGsym(`its addresses would take ${addressOffsetSize} bytes each`);
  }
  const uuidSize = reader.u8();
  if (uuidSize > LARGEST_UUID) throw corruptGsym(`its UUID would take ${uuidSize} bytes`);
  const baseAddress = view.getBigUint64(reader.position, true);
  reader.skip(8);
  const addressCount = reader.u32();
  const stringTableOffset = reader.u32();
  const stringTableSize = reader.u32();
  if (stringTableOffset + stringTableSize > bytes.length) {
    throw corruptGsym("its string table ends behind its end");
  }
  const uuid = bytes.slice(reader.position, reader.position + uuidSize);
  return {
    addressOffsetSize,
    baseAddress,
    addressCount,
    stringTableOffset,
    stringTableSize,
    uuid,
  };
}

function isAddressOffsetSize(size: number): size is AddressOffsetSize {
  return size === 1 || size === 2 || size === 4 || size === 8;
}
