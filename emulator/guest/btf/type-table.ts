import { GuestError } from "../errors.js";

/** Kinds of types, BTF_KIND_… of Linux include/uapi/linux/btf.h. */
export const INT = 1;
export const PTR = 2;
export const ARRAY = 3;
export const STRUCT = 4;
export const UNION = 5;
export const ENUM = 6;
export const TYPEDEF = 8;
export const VOLATILE = 9;
export const CONST = 10;
export const RESTRICT = 11;
export const VAR = 14;
export const DATASEC = 15;
export const FLOAT = 16;
export const TYPE_TAG = 18;
export const ENUM64 = 19;

const MAGIC = 0xeb9f;
const MAGIC_OF_OTHER_ENDIAN = 0x9feb;
const HEADER_BYTES = 24;
/** `struct btf_type`, which every type begins with. */
const TYPE_BYTES = 12;

/** What follows a type's common part, by kind: some bytes, and some for each of its elements. */
const TAILS: readonly (readonly [fixed: number, each: number] | undefined)[] = [
  undefined,
  [4, 0], // INT
  [0, 0], // PTR
  [12, 0], // ARRAY
  [0, 12], // STRUCT
  [0, 12], // UNION
  [0, 8], // ENUM
  [0, 0], // FWD
  [0, 0], // TYPEDEF
  [0, 0], // VOLATILE
  [0, 0], // CONST
  [0, 0], // RESTRICT
  [0, 0], // FUNC
  [0, 8], // FUNC_PROTO
  [4, 0], // VAR
  [0, 12], // DATASEC
  [0, 0], // FLOAT
  [4, 0], // DECL_TAG
  [0, 0], // TYPE_TAG
  [0, 12], // ENUM64
];

/**
 * The types of a BTF section as they stand there, by id: Linux Documentation/bpf/btf.rst.
 * Everything that is reached by an id or an offset is checked to be there.
 */
export class TypeTable {
  /** One more than the highest id; 0 is `void`. */
  readonly count: number;
  readonly #view: DataView;
  /** Where each type begins. */
  readonly #places: Uint32Array;
  readonly #strings: string;

  /** @throws GuestError `bad-btf` */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER_BYTES) throw bad("it is shorter than its header");
    const magic = view.getUint16(0, true);
    if (magic === MAGIC_OF_OTHER_ENDIAN) throw bad("it is of a big-endian kernel");
    if (magic !== MAGIC) throw bad("it does not begin as BTF does");
    const headerBytes = view.getUint32(4, true);
    const types = headerBytes + view.getUint32(8, true);
    const typesEnd = types + view.getUint32(12, true);
    const strings = headerBytes + view.getUint32(16, true);
    const stringsEnd = strings + view.getUint32(20, true);
    if (headerBytes < HEADER_BYTES || typesEnd > bytes.length || stringsEnd > bytes.length) {
      throw bad("its header points behind its end");
    }
    this.#view = view;
    this.#places = indexTypes(view, types, typesEnd);
    this.count = this.#places.length;
    // Names are C's: ASCII, so that bytes and characters are the same.
    this.#strings = new TextDecoder("latin1").decode(bytes.subarray(strings, stringsEnd));
  }

  /** 0 for `void`. */
  kind(id: number): number {
    return id === 0 ? 0 : (this.#info(id) >>> 24) & 0x1f;
  }

  /** Empty for a type that has none. */
  name(id: number): string {
    return id === 0 ? "void" : this.#text(this.#word(id, 0));
  }

  /** How many members, enumerators or variables follow. */
  elementCount(id: number): number {
    return this.#info(id) & 0xffff;
  }

  /** Of a structure: members have bit fields' widths; of an enumeration: its values have signs. */
  kindFlag(id: number): boolean {
    return this.#info(id) >>> 31 !== 0;
  }

  /** Bytes, of the kinds that say so themselves. */
  size(id: number): number {
    return this.#word(id, 8);
  }

  /** What a pointer, typedef, qualifier or variable is of. */
  target(id: number): number {
    return this.#word(id, 8);
  }

  /** Of an INT: how many of its bits count, and from which on. */
  intBits(id: number): { readonly bits: number; readonly shift: number } {
    const encoding = this.#word(id, TYPE_BYTES);
    return { bits: encoding & 0xff, shift: (encoding >>> 16) & 0xff };
  }

  array(id: number): { readonly element: number; readonly count: number } {
    return { element: this.#word(id, TYPE_BYTES), count: this.#word(id, TYPE_BYTES + 8) };
  }

  /** A member of a structure; `bits` is 0 unless it is a bit field. */
  memberAt(
    id: number,
    index: number,
  ): { readonly name: string; readonly type: number; readonly bit: number; readonly bits: number } {
    const at = TYPE_BYTES + index * 12;
    const place = this.#word(id, at + 8);
    const hasWidths = this.kindFlag(id);
    return {
      name: this.#text(this.#word(id, at)),
      type: this.#word(id, at + 4),
      bit: hasWidths ? place & 0xff_ffff : place,
      bits: hasWidths ? place >>> 24 : 0,
    };
  }

  enumeratorAt(id: number, index: number): { readonly name: string; readonly value: bigint } {
    const wide = this.kind(id) === ENUM64;
    const at = TYPE_BYTES + index * (wide ? 12 : 8);
    const high = wide ? BigInt(this.#word(id, at + 8)) << 32n : 0n;
    const bits = high | BigInt(this.#word(id, at + 4));
    const value = this.kindFlag(id) ? BigInt.asIntN(wide ? 64 : 32, bits) : bits;
    return { name: this.#text(this.#word(id, at)), value };
  }

  /** A variable of a DATASEC. */
  variableAt(
    id: number,
    index: number,
  ): { readonly variable: number; readonly offset: number; readonly bytes: number } {
    const at = TYPE_BYTES + index * 12;
    return {
      variable: this.#word(id, at),
      offset: this.#word(id, at + 4),
      bytes: this.#word(id, at + 8),
    };
  }

  #info(id: number): number {
    return this.#word(id, 4);
  }

  #word(id: number, offset: number): number {
    const place = this.#places[id];
    if (place === undefined || id === 0) throw bad(`it has no type ${id}`);
    return this.#view.getUint32(place + offset, true);
  }

  #text(offset: number): string {
    const end = this.#strings.indexOf("\0", offset);
    if (end < 0) throw bad(`a name begins at ${offset}, behind its last one`);
    return this.#strings.slice(offset, end);
  }
}

function indexTypes(view: DataView, start: number, end: number): Uint32Array {
  const places = new Uint32Array(1 + Math.floor((end - start) / TYPE_BYTES));
  let count = 1;
  for (let at = start; at < end; ) {
    if (at + TYPE_BYTES > end) throw bad("its last type is cut off");
    const info = view.getUint32(at + 4, true);
    const kind = (info >>> 24) & 0x1f;
    const tail = TAILS[kind];
    if (tail === undefined) throw bad(`type ${count} is of the unknown kind ${kind}`);
    places[count++] = at;
    at += TYPE_BYTES + tail[0] + tail[1] * (info & 0xffff);
    if (at > end) throw bad("its last type is cut off");
  }
  return places.subarray(0, count);
}

export function bad(why: string): GuestError {
  return new GuestError(
    "bad-btf",
    `The kernel's type information cannot be read: ${why}. Install kspace again, or make the ` +
      "images anew with `npm run images`.",
  );
}
