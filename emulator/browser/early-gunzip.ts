import { HEADER_START, stateOffset } from "../lab/checkpoint-format.js";
import { joinedBytes } from "./joined-bytes.js";
import type { ChunkSink } from "./resumed-download.js";

/**
 * Unpacks the machine's state of a checkpoint's file while the file is being downloaded. What comes
 * out is handed to nobody before the whole file is there, for whoever asks then has checked it.
 */
export class EarlyGunzip implements ChunkSink {
  readonly #stream = new DecompressionStream("gzip");
  readonly #writer = this.#stream.writable.getWriter();
  readonly #unpacked: Promise<Uint8Array>;
  /** The file's first bytes, until they say where the state begins. */
  #start: Uint8Array = new Uint8Array();
  /** Undefined until it is known. */
  #offset: number | undefined;
  /** Bytes that have come. */
  #length = 0;

  constructor() {
    this.#unpacked = new Response(this.#stream.readable)
      .arrayBuffer()
      .then((buffer) => new Uint8Array(buffer));
    // Of a damaged file, or one that breaks off: it is not asked for then.
    this.#unpacked.catch(() => undefined);
    this.#writer.closed.catch(() => undefined);
  }

  write(chunk: Uint8Array): void {
    const from = this.#length;
    this.#length += chunk.length;
    if (this.#offset === undefined) {
      this.#start = joinedBytes([this.#start, chunk]);
      if (this.#start.length < HEADER_START) return;
      // Of another file, nothing is unpacked.
      this.#offset = stateOffset(this.#start) ?? Number.POSITIVE_INFINITY;
      this.#push(this.#start.subarray(this.#offset));
      this.#start = new Uint8Array();
    } else {
      this.#push(chunk.subarray(Math.max(0, this.#offset - from)));
    }
  }

  end(): void {
    this.#writer.close().catch(() => undefined);
  }

  abort(): void {
    this.#writer.abort().catch(() => undefined);
  }

  /**
   * @param packed what shall be unpacked
   * @param file the downloaded file
   * @returns undefined when it is something else that was unpacked.
   */
  resultFor(packed: Uint8Array, file: Uint8Array): Promise<Uint8Array> | undefined {
    const isState =
      packed.buffer === file.buffer &&
      packed.byteOffset - file.byteOffset === this.#offset &&
      packed.length === file.length - this.#offset;
    return isState ? this.#unpacked : undefined;
  }

  #push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#writer.write(bytes as BufferSource).catch(() => undefined);
  }
}
