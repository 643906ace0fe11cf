import { unzlibSync, zlibSync } from "fflate";
import { OutcomeReader } from "./outcome-codec.js";

/** What is known of a set of recorded outcomes, without its cases. */
export interface RecordedHeader {
  /** Which processor it was, by its own name and numbers. */
  readonly processor: string;
  /** With which the cases are made again. */
  readonly seed: number;
  readonly forms: readonly RecordedForm[];
}

export interface RecordedForm {
  /** iced's. */
  readonly name: string;
  readonly cases: number;
  /** Of the inputs, by {@link hashOfInputs}: a changed generator is noticed. */
  readonly hash: number;
  /** How much of the outcomes belongs to the form. */
  readonly bytes: number;
}

/** Outcomes of cases on a real processor, by forms. The inputs are made again of the seed. */
export class RecordedSet {
  readonly header: RecordedHeader;
  readonly #outcomes = new Map<string, Uint8Array>();

  private constructor(header: RecordedHeader, outcomes: Uint8Array) {
    this.header = header;
    let at = 0;
    for (const { name, bytes } of header.forms) {
      this.#outcomes.set(name, outcomes.subarray(at, at + bytes));
      at += bytes;
    }
  }

  /** Reads a file that {@link packRecordedSet} has made. */
  static read(file: Uint8Array): RecordedSet {
    const bytes = unzlibSync(file);
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    return new RecordedSet(header, bytes.subarray(4 + length));
  }

  /** The outcomes of a form's cases, from the first on. */
  outcomesOf(name: string): OutcomeReader {
    return new OutcomeReader(this.#outcomes.get(name) ?? new Uint8Array());
  }
}

/** The bytes of a file: the length of the header, the header as JSON, the outcomes; deflated. */
export function packRecordedSet(
  header: RecordedHeader,
  outcomes: readonly Uint8Array[],
): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const size = outcomes.reduce((sum, bytes) => sum + bytes.length, 0);
  const bytes = new Uint8Array(4 + json.length + size);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = 4 + json.length;
  for (const part of outcomes) {
    bytes.set(part, at);
    at += part.length;
  }
  return zlibSync(bytes, { level: 9 });
}

/** FNV-1a, 32 bits, over the 32-bit words of all inputs. */
export function hashOfInputs(inputs: readonly Uint8Array[]): number {
  let hash = 0x811c9dc5;
  for (const input of inputs) {
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    for (let at = 0; at < input.length; at += 4) {
      hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193);
    }
  }
  return hash >>> 0;
}
