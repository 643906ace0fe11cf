/** A place in the kernel or in a module of it, by the symbol that it lies behind. */
export interface GuestPlace {
  readonly name: string;
  /** Bytes from the symbol's address. */
  readonly offset: number;
  /** The module's name; none for the kernel itself. */
  readonly module?: string;
}

/** As the kernel's own messages have it, but for the function's size. */
export function formatPlace({ name, offset, module }: GuestPlace): string {
  return `${name}+0x${offset.toString(16)}${module === undefined ? "" : ` [${module}]`}`;
}

/** The symbols of the kernel itself, data included. */
export interface SymbolTable {
  addressOf(name: string): bigint | undefined;
  /** The function or variable that an address lies in. */
  find(address: bigint): GuestPlace | undefined;
}
