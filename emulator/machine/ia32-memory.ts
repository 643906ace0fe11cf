import { type PagingRegisters, translateLinear } from "./ia32-paging.js";
import { MachineError } from "./machine.js";

/** How an engine shows its memory. */
export interface Ia32MemoryAccess {
  /** All of guest-physical memory; asked for anew each time, since an engine may move it. */
  bytes(): Uint8Array;
  paging(): PagingRegisters;
  /** Told after each write: code that was translated from the range is stale. */
  written(start: number, end: number): void;
}

const PAGE_BYTES = 4096;

interface PagePart {
  readonly physical: number;
  /** Where the part begins in the whole transfer. */
  readonly offset: number;
  readonly length: number;
}

/** Reads and writes the memory of a 32-bit PC from outside, by physical or linear address. */
export class Ia32Memory {
  readonly #access: Ia32MemoryAccess;

  constructor(access: Ia32MemoryAccess) {
    this.#access = access;
  }

  readPhysical(address: number, length: number): Uint8Array {
    return this.#view(address, length).slice();
  }

  writePhysical(address: number, bytes: Uint8Array): void {
    this.#view(address, bytes.length).set(bytes);
    this.#access.written(address, address + bytes.length);
  }

  readLinear(address: number, length: number): Uint8Array {
    const result = new Uint8Array(length);
    for (const part of this.#pages(address, length)) {
      result.set(this.#view(part.physical, part.length), part.offset);
    }
    return result;
  }

  /** All pages are looked up before the first is written: it happens as a whole or not at all. */
  writeLinear(address: number, bytes: Uint8Array): void {
    for (const { physical, offset, length } of this.#pages(address, bytes.length)) {
      this.writePhysical(physical, bytes.subarray(offset, offset + length));
    }
  }

  #view(address: number, length: number): Uint8Array {
    const memory = this.#access.bytes();
    if (address < 0 || length < 0 || address + length > memory.length) {
      throw new MachineError(
        "bad-address",
        `Physical memory ends at 0x${memory.length.toString(16)}; ` +
          `0x${address.toString(16)} and ${length} bytes are not inside.`,
      );
    }
    return memory.subarray(address, address + length);
  }

  #pages(address: number, length: number): PagePart[] {
    const parts: PagePart[] = [];
    for (let offset = 0; offset < length; ) {
      const linear = (address + offset) >>> 0;
      const inPage = Math.min(length - offset, PAGE_BYTES - (linear % PAGE_BYTES));
      parts.push({ physical: this.#translate(linear), offset, length: inPage });
      offset += inPage;
    }
    return parts;
  }

  #translate(linear: number): number {
    const physical = translateLinear(linear, this.#access.paging(), (at) => {
      const word = this.#view(at, 4);
      return new DataView(word.buffer, word.byteOffset, 4).getInt32(0, true);
    });
    if (physical === undefined) {
      throw new MachineError(
        "bad-address",
        `Nothing is mapped at 0x${linear.toString(16)} in the guest's current page tables.`,
      );
    }
    return physical;
  }
}
