/**
 * v86.wasm with one more export: the function of its interpreter that executes a single
 * instruction. v86 itself only offers `main_loop`, which executes some 100,000 at a time, and it
 * has neither a trap flag nor debug registers. Not needed any more once v86 exports a cycle.
 *
 * Sections and encodings: WebAssembly Core Specification, chapter 5 and appendix "Custom Sections".
 */

/** The name of the export, and the last part of the function's mangled name. */
export const SINGLE_STEP = "run_prefix_instruction";

const HEADER_BYTES = 8;
const CUSTOM_SECTION = 0;
const EXPORT_SECTION = 7;
const FUNCTION_NAMES = 1;
const FUNCTION_EXPORT = 0;

/**
 * Compiles v86.wasm for {@link createV86Machine}.
 * @throws Error (rejects) where the file is none that has the function; then it is not the pinned
 *   version.
 */
export async function compileV86(file: Uint8Array): Promise<WebAssembly.Module> {
  return WebAssembly.compile(exportSingleStep(file) as BufferSource);
}

export function exportSingleStep(file: Uint8Array): Uint8Array {
  const sections = [...readSections(file)];
  const names = sections.find(({ name }) => name === "name");
  const step = names && findFunction(new Reader(file, names.content, names.end));
  const exports = sections.find(({ id }) => id === EXPORT_SECTION);
  if (step === undefined || exports === undefined) {
    throw new Error(`v86.wasm has no function ${SINGLE_STEP}: it is not the version pinned here.`);
  }
  const reader = new Reader(file, exports.content, exports.end);
  const count = encode(reader.unsigned() + 1);
  const others = file.subarray(reader.at, exports.end);
  const name = new TextEncoder().encode(SINGLE_STEP);
  const entry = [...encode(name.length), ...name, FUNCTION_EXPORT, ...encode(step)];
  const size = encode(count.length + others.length + entry.length);
  return concatenate([
    file.subarray(0, exports.start),
    [EXPORT_SECTION, ...size, ...count],
    others,
    entry,
    file.subarray(exports.end),
  ]);
}

interface Section {
  readonly id: number;
  /** Of custom sections. */
  readonly name: string | undefined;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

function* readSections(file: Uint8Array): Generator<Section> {
  for (let start = HEADER_BYTES; start < file.length; ) {
    const reader = new Reader(file, start, file.length);
    const id = reader.unsigned();
    const size = reader.unsigned();
    const end = reader.at + size;
    const name = id === CUSTOM_SECTION ? reader.name() : undefined;
    yield { id, name, start, content: reader.at, end };
    start = end;
  }
}

function findFunction(names: Reader): number | undefined {
  while (!names.atEnd) {
    const subsection = names.unsigned();
    const end = names.unsigned() + names.at;
    if (subsection === FUNCTION_NAMES) {
      for (let left = names.unsigned(); left > 0; left--) {
        const index = names.unsigned();
        // Rust's v0 mangling (RFC 2603) puts the length in front of each part of a path.
        if (names.name().endsWith(`${SINGLE_STEP.length}${SINGLE_STEP}`)) return index;
      }
    }
    names.at = end;
  }
  return undefined;
}

class Reader {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.at >= this.#end;
  }

  /** LEB128. */
  unsigned(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new Error("v86.wasm ends in the middle of a number.");
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    const length = this.unsigned();
    this.at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at));
  }
}

function encode(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function concatenate(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
