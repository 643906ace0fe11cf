/** What a name in C stands for at one place of a structure. */
export interface BtfMember {
  /** Bytes from the start of the structure. */
  readonly offset: number;
  /** Bytes that it takes; of a bit field, those that hold it. */
  readonly bytes: number;
  /** Of a bit field: the lowest of its bits, counted from bit 0 of the byte at `offset`. */
  readonly bitField: { readonly shift: number; readonly bits: number } | undefined;
  /** The id of its type. */
  readonly type: number;
}

/** The type information of a kernel: Linux Documentation/bpf/btf.rst. */
export declare class Btf {
  /** @throws GuestError `bad-btf` */
  constructor(bytes: Uint8Array);
  /** Bytes that `struct NAME` or `union NAME` takes. @throws GuestError `no-such-type` */
  sizeOf(name: string): number;
  /**
   * Where a member is, by its path: `pid`, `thread.sp`, `list.next`; members of anonymous
   * structures are found as C finds them.
   * @throws GuestError `no-such-type`, `no-such-member`
   */
  member(type: string, path: string): BtfMember;
  hasMember(type: string, path: string): boolean;
  /** The value of an enumerator, whatever enumeration it is of. */
  enumerator(name: string): bigint | undefined;
}
