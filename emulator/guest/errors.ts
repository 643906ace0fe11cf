/**
 * - `not-mapped`: nothing is mapped at an address, or it lies outside of the machine's memory.
 * - `damaged`: memory holds what a working kernel would never put there.
 * - `no-such-symbol`: the kernel has no symbol of this name.
 * - `no-such-type`, `no-such-member`: its type information does not know it.
 * - `bad-btf`: the type information itself cannot be read.
 * - `unsupported`: this kernel has it in a form that is not read here.
 */
export type GuestErrorCode =
  | "not-mapped"
  | "damaged"
  | "no-such-symbol"
  | "no-such-type"
  | "no-such-member"
  | "bad-btf"
  | "unsupported";

/** Something that cannot be read from a stopped kernel. */
export class GuestError extends Error {
  override readonly name = "GuestError";
  readonly code: GuestErrorCode;
  /** Where in the guest, if it is about one place. */
  readonly address: bigint | undefined;

  constructor(code: GuestErrorCode, message: string, address?: bigint) {
    super(message);
    this.code = code;
    this.address = address;
  }
}

/** What a read gives, or what stands for it where it cannot be read. */
export function orElse<T>(read: () => T, otherwise: (error: GuestError) => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    return otherwise(error);
  }
}

/** An address as the kernel writes it in its messages. */
export function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
