/** Kinds by name, include/uapi/linux/btf.h. */
const KINDS = {
  int: 1,
  ptr: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  typedef: 8,
  const: 10,
  var: 14,
  datasec: 15,
  typeTag: 18,
  enum64: 19,
} as const;

export interface BuiltMember {
  readonly name: string;
  readonly type: number;
  readonly bit: number;
  /** Width of a bit field, in structures with `kind_flag`. */
  readonly bits?: number;
}

/** Writes BTF for tests, by the kernel's Documentation/bpf/btf.rst. Types have ids from 1 on. */
export class BtfBuilder {
  readonly #types: number[] = [];
  readonly #strings: number[] = [0];
  #count = 0;

  /** A builder that already knows how long a `long` is. */
  static withLong(bytes: 4 | 8): BtfBuilder {
    const builder = new BtfBuilder();
    builder.int("long unsigned int", bytes);
    return builder;
  }

  /** @param bits that count, fewer than the bytes hold for a bit field of old pahole. */
  int(name: string, bytes: number, bits = bytes * 8): number {
    return this.#type(KINDS.int, name, 0, false, bytes, [bits]);
  }

  ptr(target: number): number {
    return this.#type(KINDS.ptr, "", 0, false, target);
  }

  alias(kind: "typedef" | "const" | "typeTag", name: string, target: number): number {
    return this.#type(KINDS[kind], name, 0, false, target);
  }

  array(element: number, count: number): number {
    return this.#type(KINDS.array, "", 0, false, 0, [element, 1, count]);
  }

  structure(
    kind: "struct" | "union",
    name: string,
    bytes: number,
    members: readonly BuiltMember[],
    kindFlag = false,
  ): number {
    const words = members.flatMap(({ name: member, type, bit, bits = 0 }) => [
      this.#string(member),
      type,
      kindFlag ? bits * 0x100_0000 + bit : bit,
    ]);
    return this.#type(KINDS[kind], name, members.length, kindFlag, bytes, words);
  }

  enumeration(
    name: string,
    values: readonly (readonly [string, number])[],
    signed = false,
  ): number {
    const words = values.flatMap(([value, number]) => [this.#string(value), number >>> 0]);
    return this.#type(KINDS.enum, name, values.length, signed, 4, words);
  }

  enumeration64(
    name: string,
    values: readonly (readonly [string, bigint])[],
    signed: boolean,
  ): number {
    const words = values.flatMap(([value, number]) => [
      this.#string(value),
      Number(BigInt.asUintN(32, number)),
      Number(BigInt.asUintN(32, number >> 32n)),
    ]);
    return this.#type(KINDS.enum64, name, values.length, signed, 8, words);
  }

  variable(name: string, type: number): number {
    return this.#type(KINDS.var, name, 0, false, type, [1]);
  }

  section(
    name: string,
    variables: readonly (readonly [id: number, offset: number, bytes: number])[],
  ): number {
    return this.#type(KINDS.datasec, name, variables.length, false, 0, variables.flat());
  }

  build(): Uint8Array {
    const header = [0x0001_eb9f, 24, 0, this.#types.length * 4, this.#types.length * 4];
    const words = Uint32Array.from([...header, this.#strings.length, ...this.#types]);
    const bytes = new Uint8Array(words.length * 4 + this.#strings.length);
    const view = new DataView(bytes.buffer);
    words.forEach((word, index) => {
      view.setUint32(index * 4, word, true);
    });
    bytes.set(this.#strings, words.length * 4);
    return bytes;
  }

  #type(
    kind: number,
    name: string,
    count: number,
    kindFlag: boolean,
    sizeOrType: number,
    tail: readonly number[] = [],
  ): number {
    const info = (kindFlag ? 0x8000_0000 : 0) + kind * 0x100_0000 + count;
    this.#types.push(this.#string(name), info, sizeOrType, ...tail);
    return ++this.#count;
  }

  #string(text: string): number {
    if (text === "") return 0;
    const offset = this.#strings.length;
    this.#strings.push(...new TextEncoder().encode(text), 0);
    return offset;
  }
}
