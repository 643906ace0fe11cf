import { writeDescriptors } from "../guest/descriptors.js";
import { PAGE_BYTES } from "./frames.js";

/** Segments of a thread's own: GDT_ENTRY_TLS_MIN and _MAX of arch/x86/include/asm/segment.h. */
export const FIRST_THREAD_SEGMENT = 12;
export const LAST_THREAD_SEGMENT = 14;

/** Linux's GDT, in a page of the guest's memory. */
export class GlobalDescriptors {
  /** As LGDT takes it. */
  readonly limit: number;
  readonly #view: DataView;

  /** @param frame the page's physical address */
  constructor(ram: Uint8Array, frame: number) {
    this.#view = new DataView(ram.buffer, ram.byteOffset + frame, PAGE_BYTES);
    this.limit = writeDescriptors(this.#view, 0);
  }

  /** @returns the index of a thread's segment that nothing is in, or `undefined` */
  freeThreadSegment(): number | undefined {
    for (let index = FIRST_THREAD_SEGMENT; index <= LAST_THREAD_SEGMENT; index++) {
      if (this.#view.getBigUint64(index * 8, true) === 0n) return index;
    }
    return undefined;
  }

  /** @param index from {@link FIRST_THREAD_SEGMENT} to {@link LAST_THREAD_SEGMENT} */
  setThreadSegment(index: number, descriptor: bigint): void {
    this.#view.setBigUint64(index * 8, descriptor, true);
  }
}
