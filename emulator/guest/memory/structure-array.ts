import type { BtfMember } from "../btf/btf.js";
import type { KernelView } from "../kernel-view.js";
import { littleEndian } from "./guest-memory.js";
import { memberValue } from "./structure.js";

/** An array of structures, copied as a whole. */
export class StructureArray {
  readonly #view: KernelView;
  readonly #type: string;
  readonly #bytesOfOne: number;
  readonly #bytes: Uint8Array;

  /** @throws GuestError `no-such-type`, `not-mapped` */
  constructor(view: KernelView, type: string, address: bigint, count: number) {
    this.#view = view;
    this.#type = type;
    this.#bytesOfOne = view.types.sizeOf(type);
    this.#bytes = view.memory.read(address, count * this.#bytesOfOne);
  }

  /** @throws GuestError `no-such-member` */
  bytes(index: number, path: string): Uint8Array {
    return this.#bytesOf(index, this.#view.types.member(this.#type, path));
  }

  /** A number without a sign. @throws GuestError `no-such-member` */
  unsigned(index: number, path: string): bigint {
    const member = this.#view.types.member(this.#type, path);
    return memberValue(member, littleEndian(this.#bytesOf(index, member)));
  }

  #bytesOf(index: number, { offset, bytes }: BtfMember): Uint8Array {
    const at = index * this.#bytesOfOne + offset;
    return this.#bytes.subarray(at, at + bytes);
  }
}
