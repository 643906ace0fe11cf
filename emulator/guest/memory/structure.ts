import type { Btf, BtfMember } from "../btf/btf.js";
import type { GuestMemory } from "./guest-memory.js";

/** A structure of the kernel in its memory; members are named by their paths. */
export class Structure {
  readonly address: bigint;
  readonly type: string;
  readonly #memory: GuestMemory;
  readonly #types: Btf;

  /** @param type a structure, union or typedef of such. */
  constructor(memory: GuestMemory, types: Btf, type: string, address: bigint) {
    this.#memory = memory;
    this.#types = types;
    this.type = type;
    this.address = address;
  }

  has(path: string): boolean {
    return this.#types.hasMember(this.type, path);
  }

  /** @throws GuestError `no-such-member` */
  addressOf(path: string): bigint {
    return this.#memory.wrap(this.address + BigInt(this.#types.member(this.type, path).offset));
  }

  /** A number without a sign. @throws GuestError `no-such-member`, `not-mapped` */
  unsigned(path: string): bigint {
    const member = this.#types.member(this.type, path);
    const { offset, bytes } = member;
    return memberValue(member, this.#memory.unsigned(this.address + BigInt(offset), bytes));
  }

  /** The same for what a double holds exactly. */
  number(path: string): number {
    return Number(this.unsigned(path));
  }

  /** A number with a sign. */
  signed(path: string): number {
    const { bytes, bitField } = this.#types.member(this.type, path);
    return Number(BigInt.asIntN(bitField?.bits ?? bytes * 8, this.unsigned(path)));
  }

  /** A pointer; undefined for NULL. */
  pointer(path: string): bigint | undefined {
    const value = this.unsigned(path);
    return value === 0n ? undefined : value;
  }

  /** The characters of an array, up to a NUL. */
  text(path: string): string {
    const { offset, bytes } = this.#types.member(this.type, path);
    return this.#memory.text(this.address + BigInt(offset), bytes);
  }
}

/** The value of a member, out of the bytes that it takes: of a bit field only some bits are its. */
export function memberValue({ bitField }: BtfMember, value: bigint): bigint {
  if (bitField === undefined) return value;
  return BigInt.asUintN(bitField.bits, value >> BigInt(bitField.shift));
}
