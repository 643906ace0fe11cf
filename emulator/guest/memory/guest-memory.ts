import type { Machine } from "../../machine/machine.js";
import { GuestError, hex } from "../errors.js";
import { entryBytes, lookUpPage, type PagingMode } from "../paging/address-space.js";
import type { NotMapped, WalkResult } from "../paging/page-walk.js";

const PAGE_BYTES = 4096n;
const PAGE_MASK = PAGE_BYTES - 1n;

/** What memory is read through. */
export type MemorySource = Pick<Machine, "memoryBytes" | "readPhysical">;

/**
 * The linear memory of a machine that stands still. Translations are kept: a `GuestMemory` is
 * only good until the machine runs again.
 */
export class GuestMemory {
  readonly wordBytes: 4 | 8;
  readonly #source: MemorySource;
  readonly #mode: PagingMode;
  readonly #fallback: PagingMode | undefined;
  /** By the page's number, where its 4 KiB are in physical memory. */
  readonly #pages = new Map<bigint, bigint>();

  /**
   * @param fallback other page tables to look in for what is not mapped: the kernel's own, since
   *   those of a program need not have all that the kernel has mapped lately.
   */
  constructor(
    source: MemorySource,
    wordBytes: 4 | 8,
    mode: PagingMode,
    fallback: PagingMode | undefined,
  ) {
    this.#source = source;
    this.wordBytes = wordBytes;
    this.#mode = mode;
    this.#fallback = fallback;
  }

  /** The physical address behind a linear one. @throws GuestError `not-mapped` */
  translate(address: bigint): bigint {
    const linear = this.wrap(address);
    const number = linear / PAGE_BYTES;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = this.#lookUp(linear);
      this.#pages.set(number, page);
    }
    return page + (linear & PAGE_MASK);
  }

  /** Copies memory. @throws GuestError `not-mapped` where any of it is not there. */
  read(address: bigint, length: number): Uint8Array {
    const start = this.translate(address);
    const inPage = Number(PAGE_BYTES - (start & PAGE_MASK));
    if (length <= inPage) return this.#physical(start, length, address);
    if (length > this.#source.memoryBytes) throw notMapped(address, "there is not so much memory");
    const bytes = new Uint8Array(length);
    bytes.set(this.#physical(start, inPage, address));
    for (let done = inPage; done < length; done += Number(PAGE_BYTES)) {
      const part = Math.min(length - done, Number(PAGE_BYTES));
      const at = address + BigInt(done);
      bytes.set(this.#physical(this.translate(at), part, at), done);
    }
    return bytes;
  }

  /** An unsigned number of 1 to 8 bytes. @throws GuestError `not-mapped` */
  unsigned(address: bigint, length: number): bigint {
    return littleEndian(this.read(address, length));
  }

  /** An address or a `long`. @throws GuestError `not-mapped` */
  word(address: bigint): bigint {
    return this.unsigned(address, this.wordBytes);
  }

  /** Words that lie behind each other. @throws GuestError `not-mapped` where any is not there. */
  words(address: bigint, count: number): bigint[] {
    const bytes = this.read(address, count * this.wordBytes);
    return Array.from({ length: count }, (_, index) =>
      littleEndian(bytes.subarray(index * this.wordBytes, (index + 1) * this.wordBytes)),
    );
  }

  /**
   * The characters up to a NUL, at most so many.
   * @throws GuestError `not-mapped` unless at least the first can be read.
   */
  text(address: bigint, longest: number): string {
    const toPageEnd = Number(PAGE_BYTES - (address & PAGE_MASK));
    let bytes = this.read(address, Math.min(longest, toPageEnd));
    if (bytes.length < longest && !bytes.includes(0)) {
      try {
        bytes = this.read(address, longest);
      } catch {
        // It ends with its page, or what there is of it must do.
      }
    }
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** Sums of addresses wrap around as in the processor. */
  wrap(address: bigint): bigint {
    return BigInt.asUintN(this.wordBytes * 8, address);
  }

  #lookUp(linear: bigint): bigint {
    const first = this.#walk(linear, this.#mode);
    const found =
      "why" in first && this.#fallback !== undefined ? this.#walk(linear, this.#fallback) : first;
    if ("why" in found) throw notMapped(linear, describe("why" in first ? first : found));
    return found.physical + (linear & (found.bytes - 1n) & ~PAGE_MASK);
  }

  #walk(linear: bigint, mode: PagingMode): WalkResult {
    const bytes = entryBytes(mode);
    return lookUpPage(linear, mode, (physical) => {
      if (physical + BigInt(bytes) > BigInt(this.#source.memoryBytes)) return undefined;
      return littleEndian(this.#source.readPhysical(Number(physical), bytes));
    });
  }

  #physical(physical: bigint, length: number, linear: bigint): Uint8Array {
    if (physical + BigInt(length) > BigInt(this.#source.memoryBytes)) {
      throw notMapped(linear, `the page tables lead to ${hex(physical)}, where no memory is`);
    }
    return this.#source.readPhysical(Number(physical), length);
  }
}

/** The unsigned number that up to eight bytes are. */
export function littleEndian(bytes: Uint8Array): bigint {
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  if (length === 4) return BigInt(view.getUint32(0, true));
  if (length === 8) return view.getBigUint64(0, true);
  let value = 0n;
  for (let at = length - 1; at >= 0; at--) value = (value << 8n) | BigInt(view.getUint8(at));
  return value;
}

function describe({ entry, why }: NotMapped): string {
  if (entry === "non-canonical") return "no address of this processor has these high bits";
  if (why === "outside-memory") return `its ${entry} would lie outside of memory`;
  if (why === "unsupported") return `page tables with a ${entry} are not read here`;
  return `its ${entry} is not present`;
}

function notMapped(address: bigint, why: string): GuestError {
  return new GuestError(
    "not-mapped",
    `Nothing is mapped at ${hex(address)} of the guest: ${why}.`,
    address,
  );
}
