/** A place in the kernel or in a module of it, by the symbol that it lies behind. */
export interface GuestPlace {
  readonly name: string;
  /** Bytes from the symbol's address. */
  readonly offset: number;
  /** The module's name; none for the kernel itself. */
  readonly module?: string;
}

/** The symbols of the kernel itself, data included. */
export interface SymbolTable {
  addressOf(name: string): bigint | undefined;
  /** The function or variable that an address lies in. */
  find(address: bigint): GuestPlace | undefined;
}
