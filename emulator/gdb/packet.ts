import { latin1 } from "./latin1.js";

/**
 * Framing of the GDB remote serial protocol: `$data#checksum`, acknowledged by `+` or `-`, and
 * a bare 0x03 that interrupts (GDB manual, appendix E.1, "Overview").
 */

/** What a client sent, apart from noise between packets. */
export type Incoming =
  /** One character for each byte, as it was on the line: still escaped. */
  | { readonly kind: "packet"; readonly data: string }
  /** A packet that must be sent again: its checksum is wrong, or a new one began inside it. */
  | { readonly kind: "damaged" }
  /** A packet that was longer than {@link LARGEST_PACKET}, and was not kept. */
  | { readonly kind: "overlong" }
  | { readonly kind: "acknowledged" }
  | { readonly kind: "repeat" }
  | { readonly kind: "interrupt" };

/**
 * What we tell clients as `PacketSize`: the most characters between `$` and `#`, both ways.
 * 4 KiB of memory in hexadecimal and its command fit well; gdb splits larger requests.
 */
export const LARGEST_PACKET = 0x4000;

const START = 0x24; // $
const END = 0x23; // #
const ACKNOWLEDGE = 0x2b; // +
const REPEAT = 0x2d; // -
const INTERRUPT = 0x03;
const ESCAPE = "}";
/** An escaped byte is sent with this bit turned over. */
const ESCAPED_BIT = 0x20;

/** `*` and a character that counts, `~` at most, for a character that is repeated. */
const REPEATED = "*";
/** The counting character's code is so much more than the number of further characters. */
const COUNT_BASE = 29;
const LONGEST_RUN = 126 - COUNT_BASE;
/** A shorter run is no shorter when it is encoded. */
const SHORTEST_RUN = 3;

/** Puts packets together from whatever pieces they come in. It never keeps more than one. */
export class PacketReader {
  #state: "between" | "data" | "checksum" = "between";
  #data: Uint8Array = new Uint8Array(LARGEST_PACKET);
  /** Of the packet so far; more than {@link LARGEST_PACKET} when it is too long. */
  #length = 0;
  #sum = 0;
  #checksum = "";

  push(bytes: Uint8Array): Incoming[] {
    const incoming: Incoming[] = [];
    for (const byte of bytes) {
      const event = this.#take(byte);
      if (event !== undefined) incoming.push(event);
    }
    return incoming;
  }

  #take(byte: number): Incoming | undefined {
    switch (this.#state) {
      case "between":
        return this.#takeBetween(byte);
      case "data":
        return this.#takeData(byte);
      case "checksum":
        return this.#takeChecksum(byte);
    }
  }

  #takeBetween(byte: number): Incoming | undefined {
    switch (byte) {
      case START:
        this.#begin();
        return undefined;
      case ACKNOWLEDGE:
        return { kind: "acknowledged" };
      case REPEAT:
        return { kind: "repeat" };
      case INTERRUPT:
        return { kind: "interrupt" };
      default:
        return undefined;
    }
  }

  #takeData(byte: number): Incoming | undefined {
    if (byte === END) {
      this.#state = "checksum";
      this.#checksum = "";
      return undefined;
    }
    // It is always escaped inside a packet: the end of the one before was lost.
    if (byte === START) {
      this.#begin();
      return { kind: "damaged" };
    }
    if (this.#length < LARGEST_PACKET) this.#data[this.#length] = byte;
    // One more than the most stands for any length above it.
    if (this.#length <= LARGEST_PACKET) this.#length++;
    this.#sum = (this.#sum + byte) & 0xff;
    return undefined;
  }

  #takeChecksum(byte: number): Incoming | undefined {
    this.#checksum += String.fromCharCode(byte);
    if (this.#checksum.length < 2) return undefined;
    this.#state = "between";
    const isRight =
      /^[0-9a-fA-F]{2}$/.test(this.#checksum) && Number.parseInt(this.#checksum, 16) === this.#sum;
    if (!isRight) return { kind: "damaged" };
    if (this.#length > LARGEST_PACKET) return { kind: "overlong" };
    return { kind: "packet", data: latin1(this.#data.subarray(0, this.#length)) };
  }

  #begin(): void {
    this.#state = "data";
    this.#length = 0;
    this.#sum = 0;
  }
}

/**
 * A packet as it goes over the line: escaped, with runs of one character shortened.
 * @param data one character for each byte.
 */
export function encodePacket(data: string): string {
  const body = shortenRuns(data);
  return `$${body}#${checksum(body)}`;
}

/** The packet's modulo 256 sum, as two digits. */
export function checksum(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at++) sum += body.charCodeAt(at);
  return (sum & 0xff).toString(16).padStart(2, "0");
}

/**
 * Undoes the escapes of binary data.
 * @returns undefined when the last byte is an escape that escapes nothing.
 */
export function unescapeBinary(data: string): Uint8Array | undefined {
  const bytes = new Uint8Array(data.length);
  let length = 0;
  for (let at = 0; at < data.length; at++) {
    let byte = data.charCodeAt(at);
    if (data[at] === ESCAPE) {
      at++;
      if (at === data.length) return undefined;
      byte = data.charCodeAt(at) ^ ESCAPED_BIT;
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** In replies `*` must be escaped, too: it would begin a run. */
function escaped(character: string): string {
  if (!"$#}*".includes(character)) return character;
  return ESCAPE + String.fromCharCode(character.charCodeAt(0) ^ ESCAPED_BIT);
}

function shortenRuns(data: string): string {
  let body = "";
  for (let at = 0; at < data.length; ) {
    const character = data.charAt(at);
    let end = at + 1;
    while (end < data.length && data[end] === character) end++;
    body += run(escaped(character), end - at);
    at = end;
  }
  return body;
}

/** A character, escaped or not, so many times. */
function run(character: string, times: number): string {
  // What is repeated is the last character before the `*`, and that of an escape means nothing.
  if (character.length > 1) return character.repeat(times);
  let text = "";
  let left = times;
  while (left > 0) {
    text += character;
    left--;
    let further = Math.min(left, LONGEST_RUN);
    if (further < SHORTEST_RUN) continue;
    // These counts are `#` and `$`, which a packet must not have inside.
    if (further === 6 || further === 7) further = 5;
    text += REPEATED + String.fromCharCode(COUNT_BASE + further);
    left -= further;
  }
  return text;
}
