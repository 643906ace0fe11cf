import { type PagingRegisters, type Translation, translateLinear } from "./ia32-paging.js";
import { type Address, MachineError } from "./machine.js";

/** How an engine shows its memory. */
export interface Ia32MemoryAccess {
  /** All of guest-physical memory; asked for anew each time, since an engine may move it. */
  bytes(): Uint8Array;
  paging(): PagingRegisters;
  /** Told after each write: code that was translated from the range is stale. */
  written(start: number, end: number): void;
}

/** Keeps what a debugger has put into memory from being seen or overwritten from outside. */
export interface MemoryOverlay {
  /** @param bytes a copy of the memory at `physical`, to be corrected. */
  conceal(physical: number, bytes: Uint8Array): void;
  /** Carries out a write of the range. */
  aroundWrite(start: number, end: number, write: () => void): void;
}

const PAGE_BYTES = 4096;
const ADDRESS_SPACE = 2 ** 32;

interface PagePart {
  readonly physical: number;
  /** Where the part begins in the whole transfer. */
  readonly offset: number;
  readonly length: number;
}

/** Reads and writes the memory of a 32-bit PC from outside, by physical or linear address. */
export class Ia32Memory {
  readonly #access: Ia32MemoryAccess;
  #overlay: MemoryOverlay | undefined;

  constructor(access: Ia32MemoryAccess) {
    this.#access = access;
  }

  /** From now on reads and writes show and change what is under the overlay. */
  cover(overlay: MemoryOverlay): void {
    this.#overlay = overlay;
  }

  readPhysical(address: Address, length: number): Uint8Array {
    const start = address32(address);
    const bytes = this.#view(start, length).slice();
    this.#overlay?.conceal(start, bytes);
    return bytes;
  }

  writePhysical(address: Address, bytes: Uint8Array): void {
    const start = address32(address);
    const end = start + bytes.length;
    const target = this.#view(start, bytes.length);
    const write = (): void => {
      target.set(bytes);
      this.#access.written(start, end);
    };
    if (this.#overlay === undefined) write();
    else this.#overlay.aroundWrite(start, end, write);
  }

  readLinear(address: Address, length: number): Uint8Array {
    const parts = this.#pages(address, length);
    const result = new Uint8Array(length);
    for (const part of parts) {
      result.set(this.readPhysical(part.physical, part.length), part.offset);
    }
    return result;
  }

  /** All pages are looked up before the first is written: it happens as a whole or not at all. */
  writeLinear(address: Address, bytes: Uint8Array): void {
    const parts = this.#pages(address, bytes.length);
    for (const { physical, length } of parts) this.#view(physical, length);
    for (const { physical, offset, length } of parts) {
      this.writePhysical(physical, bytes.subarray(offset, offset + length));
    }
  }

  /** @returns undefined where the current page tables map nothing, or something else than memory. */
  translate(linear: number): Translation | undefined {
    const memory = this.#access.bytes();
    const translation = translateLinear(linear, this.#access.paging(), (at) => {
      if (at + 4 > memory.length) return 0;
      return (
        (memory[at] ?? 0) |
        ((memory[at + 1] ?? 0) << 8) |
        ((memory[at + 2] ?? 0) << 16) |
        ((memory[at + 3] ?? 0) << 24)
      );
    });
    return translation && translation.physical < memory.length ? translation : undefined;
  }

  /** @throws MachineError `bad-address` where {@link translate} finds nothing. */
  lookUp(linear: number): Translation {
    const translation = this.translate(linear);
    if (translation === undefined) {
      throw new MachineError(
        "bad-address",
        `Nothing is mapped at 0x${linear.toString(16)} in the guest's current page tables.`,
      );
    }
    return translation;
  }

  #view(address: number, length: number): Uint8Array {
    const memory = this.#access.bytes();
    if (length < 0 || address + length > memory.length) {
      throw new MachineError(
        "bad-address",
        `Physical memory ends at 0x${memory.length.toString(16)}; ` +
          `0x${address.toString(16)} and ${length} bytes are not inside.`,
      );
    }
    return memory.subarray(address, address + length);
  }

  #pages(address: Address, length: number): PagePart[] {
    const start = address32(address);
    const parts: PagePart[] = [];
    for (let offset = 0; offset < length; ) {
      const linear = (start + offset) >>> 0;
      const inPage = Math.min(length - offset, PAGE_BYTES - (linear % PAGE_BYTES));
      const { physical } = this.lookUp(linear);
      parts.push({ physical, offset, length: inPage });
      offset += inPage;
    }
    return parts;
  }
}

/** @throws MachineError `bad-address` for what 32 bits do not hold. */
export function address32(address: Address): number {
  const value = Number(address);
  if (!Number.isInteger(value) || value < 0 || value >= ADDRESS_SPACE) {
    throw new MachineError(
      "bad-address",
      `${address} is no address of a 32-bit machine: those are 0 to 0xffffffff, unsigned.`,
    );
  }
  return value;
}
