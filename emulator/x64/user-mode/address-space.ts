import type { PageTables } from "../guest/page-tables.js";
import { type Frames, PAGE_BYTES } from "./frames.js";
import { AMD64 } from "./program-class.js";

export interface Protection {
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
}

/** What the engine has to be told. */
export interface Caches {
  /** The TLB may hold what is no longer so. */
  dropTranslations(): void;
  /** Code may have been written at this address in the guest's memory. */
  codeChanged(physical: number): void;
}

interface Mapping {
  readonly frame: number;
  readonly protection: Protection;
}

/** vm.mmap_min_addr of Debian. */
const LOWEST_ADDRESS = 65536;

/**
 * The memory of one program, as its kernel sees it. Whatever is mapped has its page of the guest's
 * memory at once.
 */
export class AddressSpace {
  readonly #ram: Uint8Array;
  readonly #frames: Frames;
  readonly #tables: PageTables;
  readonly #caches: Caches;
  readonly #end: number;
  /** By the page's number. */
  readonly #mappings = new Map<number, Mapping>();

  /** @param end no address from there on is a program's */
  constructor(
    ram: Uint8Array,
    frames: Frames,
    tables: PageTables,
    caches: Caches,
    end: number = AMD64.endOfAddresses,
  ) {
    this.#ram = ram;
    this.#frames = frames;
    this.#tables = tables;
    this.#caches = caches;
    this.#end = end;
  }

  /** Whether pages can be there at all: whole ones, where programs may have some. */
  isPlace(begin: number, bytes: number): boolean {
    return (
      begin % PAGE_BYTES === 0 && begin >= LOWEST_ADDRESS && bytes > 0 && begin + bytes <= this.#end
    );
  }

  /** Whether nothing is mapped in the pages from `begin` on. */
  isFree(begin: number, bytes: number): boolean {
    return this.#mappedPages(begin, bytes).length === 0;
  }

  /**
   * Maps pages of zeros, in the place of what was there.
   * @returns whether there was memory for all of them; otherwise nothing has changed
   */
  map(begin: number, bytes: number, protection: Protection): boolean {
    const first = Math.floor(begin / PAGE_BYTES);
    const count = Math.ceil((begin + bytes) / PAGE_BYTES) - first;
    // Tables for the two ends, on three levels, and for each 2 MiB between them.
    const tables = 6 + Math.ceil(count / 512);
    if (count + tables > this.#frames.left) return false;
    this.unmap(begin, bytes);
    for (let page = first; page < first + count; page++) {
      const frame = this.#frames.take();
      if (frame === undefined) return false;
      this.#enter(page, { frame, protection });
    }
    return true;
  }

  unmap(begin: number, bytes: number): void {
    let isChanged = false;
    for (const page of this.#mappedPages(begin, bytes)) {
      const mapping = this.#mappings.get(page);
      if (mapping === undefined) continue;
      this.#mappings.delete(page);
      this.#tables.unmap(addressOf(page));
      this.#caches.codeChanged(mapping.frame);
      this.#frames.give(mapping.frame);
      isChanged = true;
    }
    if (isChanged) this.#caches.dropTranslations();
  }

  /** @returns whether all of it is mapped; otherwise nothing has changed */
  protect(begin: number, bytes: number, protection: Protection): boolean {
    const pages = this.#mappedPages(begin, bytes);
    if (pages.length < Math.ceil(bytes / PAGE_BYTES)) return false;
    for (const page of pages) {
      const mapping = this.#mappings.get(page);
      if (mapping !== undefined) this.#enter(page, { frame: mapping.frame, protection });
    }
    this.#caches.dropTranslations();
    return true;
  }

  /** @returns `undefined` where a part of it is not readable for the program (EFAULT) */
  read(address: number, length: number): Uint8Array<ArrayBuffer> | undefined {
    const bytes = new Uint8Array(length);
    const isDone = this.#eachPiece(address, length, (protection, at, from, to) => {
      if (!isAccessible(protection)) return false;
      bytes.set(this.#ram.subarray(at, at + to - from), from);
      return true;
    });
    return isDone ? bytes : undefined;
  }

  /** @returns false where a part of it is not writable for the program (EFAULT) */
  write(address: number, bytes: Uint8Array): boolean {
    return this.#eachPiece(address, bytes.length, ({ isWritable }, at, from, to) => {
      if (!isWritable) return false;
      this.#ram.set(bytes.subarray(from, to), at);
      this.#caches.codeChanged(at);
      return true;
    });
  }

  /** Puts bytes there before the program runs, whatever its rights. */
  load(address: number, bytes: Uint8Array): void {
    this.#eachPiece(address, bytes.length, (_protection, at, from, to) => {
      this.#ram.set(bytes.subarray(from, to), at);
      return true;
    });
  }

  /** The bytes up to a NUL. @returns `undefined`: it is not readable, or longer than `most` */
  readString(address: number, most = PAGE_BYTES): string | undefined {
    const bytes: number[] = [];
    while (bytes.length < most) {
      const [byte] = this.read(address + bytes.length, 1) ?? [];
      if (byte === undefined) return undefined;
      if (byte === 0) return new TextDecoder().decode(Uint8Array.from(bytes));
      bytes.push(byte);
    }
    return undefined;
  }

  /** The numbers of the pages that are mapped in a range, which may be far larger than what is. */
  #mappedPages(begin: number, bytes: number): number[] {
    const first = Math.floor(begin / PAGE_BYTES);
    const end = Math.ceil((begin + bytes) / PAGE_BYTES);
    if (end - first > this.#mappings.size) {
      return [...this.#mappings.keys()].filter((page) => page >= first && page < end);
    }
    const pages = Array.from({ length: end - first }, (_, index) => first + index);
    return pages.filter((page) => this.#mappings.has(page));
  }

  #enter(page: number, mapping: Mapping): void {
    this.#mappings.set(page, mapping);
    const { isWritable, isExecutable } = mapping.protection;
    const address = addressOf(page);
    if (!isAccessible(mapping.protection)) this.#tables.unmap(address);
    else this.#tables.map(address, mapping.frame, { isUser: true, isWritable, isExecutable });
  }

  /** @param visit is told the place in RAM for the bytes `from` to `to`; false ends it */
  #eachPiece(
    address: number,
    length: number,
    visit: (protection: Protection, at: number, from: number, to: number) => boolean,
  ): boolean {
    let from = 0;
    while (from < length) {
      const page = Math.floor((address + from) / PAGE_BYTES);
      const offset = (address + from) % PAGE_BYTES;
      const to = Math.min(length, from + PAGE_BYTES - offset);
      const mapping = this.#mappings.get(page);
      if (mapping === undefined) return false;
      if (!visit(mapping.protection, mapping.frame + offset, from, to)) return false;
      from = to;
    }
    return true;
  }
}

/** Page tables cannot say of a page that it is there, and may not be read. */
function isAccessible({ isReadable, isWritable, isExecutable }: Protection): boolean {
  return isReadable || isWritable || isExecutable;
}

function addressOf(page: number): bigint {
  return BigInt(page) * BigInt(PAGE_BYTES);
}
