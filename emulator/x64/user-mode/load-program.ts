import type { PageTables } from "../guest/page-tables.js";
import type { X64Machine } from "../x64-machine.js";
import type { AddressSpace } from "./address-space.js";
import type { ElfProgram } from "./elf-program.js";
import { DESCRIPTOR_PAGE, ENTRY_PAGE, entryPage } from "./entry-page.js";
import { type Frames, PAGE_BYTES } from "./frames.js";
import { GlobalDescriptors } from "./global-descriptors.js";
import type { ProgramClass } from "./program-class.js";
import { UserModeError } from "./user-mode-error.js";

/** Of data. */
export const READ_WRITE = { isReadable: true, isWritable: true, isExecutable: false } as const;

/** Maps the code that runs at CPL 0. */
export function mapEntryPage(
  ram: Uint8Array,
  frames: Frames,
  tables: PageTables,
  { bits }: ProgramClass,
): void {
  const frame = frames.take();
  if (frame === undefined) throw outOfMemory();
  ram.set(entryPage(bits), frame);
  tables.map(ENTRY_PAGE, frame, { isUser: false, isWritable: false, isExecutable: true });
}

/** Makes the GDT, and has the processor use it. */
export function mapDescriptors(
  { processor, ram }: X64Machine,
  frames: Frames,
  tables: PageTables,
): GlobalDescriptors {
  const frame = frames.take();
  if (frame === undefined) throw outOfMemory();
  tables.map(DESCRIPTOR_PAGE, frame, { isUser: false, isWritable: true, isExecutable: false });
  const descriptors = new GlobalDescriptors(ram, frame);
  const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset);
  view(processor.bytesOf("gdtBase", 8)).setBigUint64(0, DESCRIPTOR_PAGE, true);
  view(processor.bytesOf("gdtLimit", 4)).setUint32(0, descriptors.limit, true);
  return descriptors;
}

/**
 * Puts a program where it is to lie.
 * @returns the end of its last page: where its heap begins
 * @throws UserModeError `not-a-program`, `out-of-memory`
 */
export function loadSegments(memory: AddressSpace, program: ElfProgram, base: number): number {
  let end = 0;
  for (const { address, bytes, size, isWritable, isExecutable } of program.segments) {
    const first = Math.floor((base + address) / PAGE_BYTES) * PAGE_BYTES;
    const last = Math.ceil((base + address + size) / PAGE_BYTES) * PAGE_BYTES;
    // Segments of a well-formed program share no page.
    if (!memory.isPlace(first, last - first) || !memory.isFree(first, last - first)) {
      throw new UserModeError("not-a-program", "The program cannot lie where it wants to lie.");
    }
    mapOrThrow(memory, first, last - first, { isReadable: true, isWritable, isExecutable });
    memory.load(base + address, bytes);
    end = Math.max(end, last);
  }
  return end;
}

/** @throws UserModeError `out-of-memory` */
export function mapOrThrow(
  memory: AddressSpace,
  begin: number,
  bytes: number,
  protection: Parameters<AddressSpace["map"]>[2],
): void {
  if (!memory.map(begin, bytes, protection)) throw outOfMemory();
}

function outOfMemory(): UserModeError {
  return new UserModeError("out-of-memory", "The program needs more memory: see ramBytes.");
}
