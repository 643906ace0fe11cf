import { crc32 } from "./crc32.js";

// RFC 1662, section 4: a flag byte before and after each frame; flag and escape bytes
// inside are sent as an escape and the byte with bit 5 turned over.
const FLAG = 0x7e;
const ESCAPE = 0x7d;
const ESCAPE_XOR = 0x20;
const CRC_BYTES = 4;

/** A frame as it goes over the line: flags around it, its CRC-32 at its end, bytes escaped. */
export function encodeFrame(body: Uint8Array): Uint8Array {
  const crc = crc32(body);
  const out = new Uint8Array(2 * (body.length + CRC_BYTES) + 2);
  let end = 0;
  const stuff = (byte: number): void => {
    if (byte === FLAG || byte === ESCAPE) {
      out[end++] = ESCAPE;
      out[end++] = byte ^ ESCAPE_XOR;
    } else {
      out[end++] = byte;
    }
  };

  // The first flag ends whatever noise came before.
  out[end++] = FLAG;
  for (const byte of body) stuff(byte);
  for (let shift = 0; shift < 32; shift += 8) stuff((crc >>> shift) & 0xff);
  out[end++] = FLAG;
  return out.subarray(0, end);
}

export type DecodedFrame =
  | { readonly kind: "frame"; readonly body: Uint8Array }
  /** Noise, or a frame that noise has hit. */
  | { readonly kind: "damaged" };

/** Finds the frames in a stream of bytes that may begin and break anywhere. */
export class FrameDecoder {
  readonly #buffer: Uint8Array;
  #length = 0;
  #escaped = false;
  #overlong = false;

  /** @param longestBody in bytes; what is longer is noise. */
  constructor(longestBody: number) {
    this.#buffer = new Uint8Array(longestBody + CRC_BYTES);
  }

  reset(): void {
    this.#length = 0;
    this.#escaped = false;
    this.#overlong = false;
  }

  /** The frames that these bytes complete. */
  push(bytes: Uint8Array): DecodedFrame[] {
    const frames: DecodedFrame[] = [];
    for (const byte of bytes) {
      if (byte === FLAG) {
        const frame = this.#finish();
        if (frame !== undefined) frames.push(frame);
      } else if (byte === ESCAPE) {
        this.#escaped = true;
      } else {
        this.#append(this.#escaped ? byte ^ ESCAPE_XOR : byte);
        this.#escaped = false;
      }
    }
    return frames;
  }

  #append(byte: number): void {
    if (this.#length === this.#buffer.length) this.#overlong = true;
    else this.#buffer[this.#length++] = byte;
  }

  #finish(): DecodedFrame | undefined {
    const length = this.#length;
    const cut = this.#escaped || this.#overlong;
    this.reset();
    // The end flag of one frame and the start flag of the next have nothing between them.
    if (length === 0 && !cut) return undefined;
    if (cut || length <= CRC_BYTES) return { kind: "damaged" };

    const body = this.#buffer.slice(0, length - CRC_BYTES);
    const found = new DataView(this.#buffer.buffer).getUint32(length - CRC_BYTES, true);
    return crc32(body) === found ? { kind: "frame", body } : { kind: "damaged" };
  }
}
