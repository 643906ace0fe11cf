import { INPUT, OUTCOME, STATE, VECTOR } from "./case-format.js";
import { changesOf, memoryBefore, normalise } from "./compare.js";

/**
 * Outcomes as differences to what a case would leave that does nothing: an instruction changes few
 * of the 672 bytes of state. First come the runs of state bytes that differ: their distance from
 * the last one, their length, their bytes; a length of 0 ends them. Then the chunks of memory:
 * their number, and of each its distance from the last, a bit for each byte that differs, and
 * these bytes. Numbers are LEB128.
 */
export class OutcomeWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Adds a normalised outcome of the case. */
  add(input: Uint8Array, outcome: Uint8Array): void {
    const nothing = outcomeOfNothing(input);
    let last = 0;
    for (let at: number = OUTCOME.state; at < OUTCOME.bytes; at++) {
      if (outcome[at] === nothing[at]) continue;
      let end = at + 1;
      while (end < OUTCOME.bytes && outcome[end] !== nothing[end]) end++;
      this.#number(end - at);
      this.#number(at - last);
      for (let byte = at; byte < end; byte++) this.#byte(outcome[byte] ?? 0);
      last = end;
      at = end;
    }
    this.#number(0);
    const changes = changesOf(outcome);
    this.#number(changes.size);
    let lastAddress = 0;
    for (const [address, bytes] of changes) {
      const before = memoryBefore(input, address, OUTCOME.chunk);
      this.#number(address - lastAddress);
      lastAddress = address;
      const differs = [...bytes].map((byte, index) => byte !== before[index]);
      const mask = (from: number): number =>
        differs.slice(from, from + 8).reduce((sum, bit, index) => sum | (Number(bit) << index), 0);
      this.#byte(mask(0));
      this.#byte(mask(8));
      bytes.forEach((byte, index) => {
        if (differs[index]) this.#byte(byte);
      });
    }
  }

  #byte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  #number(value: number): void {
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.#byte((left % 0x80) | 0x80);
    this.#byte(left);
  }
}

/** Reads what {@link OutcomeWriter} has written, case by case. */
export class OutcomeReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(input: Uint8Array): Uint8Array {
    const state = outcomeOfNothing(input);
    let at = 0;
    for (let length = this.#number(); length > 0; length = this.#number()) {
      at += this.#number();
      state.set(this.#bytes.subarray(this.#at, this.#at + length), at);
      this.#at += length;
      at += length;
    }
    const count = this.#number();
    const outcome = new Uint8Array(OUTCOME.bytes + count * OUTCOME.changeBytes);
    outcome.set(state);
    const view = new DataView(outcome.buffer);
    view.setUint32(0, outcome.length, true);
    view.setUint32(OUTCOME.changes, count, true);
    let address = 0;
    for (let index = 0; index < count; index++) {
      address += this.#number();
      const to = OUTCOME.bytes + index * OUTCOME.changeBytes;
      view.setUint32(to, address, true);
      const bytes = memoryBefore(input, address, OUTCOME.chunk);
      const mask = this.#byte() | (this.#byte() << 8);
      for (let byte = 0; byte < OUTCOME.chunk; byte++) {
        if ((mask & (1 << byte)) !== 0) bytes[byte] = this.#byte();
      }
      outcome.set(bytes, to + OUTCOME.changed);
    }
    return outcome;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("The recorded outcomes end too early.");
    return byte;
  }

  #number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}

/** As if the code were NOPs, up to the INT3 behind them. */
function outcomeOfNothing(input: Uint8Array): Uint8Array {
  const outcome = new Uint8Array(OUTCOME.bytes);
  outcome.set(input.subarray(INPUT.state, INPUT.state + STATE.bytes), OUTCOME.state);
  const view = new DataView(outcome.buffer);
  const from = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const code = from.getUint32(INPUT.codeAddress, true) + from.getUint32(INPUT.codeLength, true);
  view.setUint32(0, OUTCOME.bytes, true);
  view.setUint32(OUTCOME.state + STATE.vector, VECTOR.breakpoint, true);
  view.setBigUint64(OUTCOME.state + STATE.rip, BigInt(code) + 1n, true);
  normalise(outcome);
  return outcome;
}
