/** Where an instruction comes from: one step of an inline chain. */
export interface SourceLocation {
  /** The function whose source line it is; `??` where the debug information does not say. */
  readonly function: string;
  /** As the debug information names it, joined with its folder. */
  readonly file: string;
  /** From 1; 0 for code that belongs to no line. */
  readonly line: number;
  /** From 1; 0 where it is not known. */
  readonly column: number;
}

/**
 * A place in a file's code. The offset counts from the start of the section as loaded, so that
 * it is an exact number for 64-bit kernels, too.
 */
export interface CodePlace {
  /** Index into the section headers. */
  readonly section: number;
  /** Bytes from the section's start. */
  readonly offset: number;
}

/** A function of the symbol table. */
export interface CodeSymbol {
  readonly name: string;
  readonly place: CodePlace;
  /** In bytes. */
  readonly size: number;
}

/**
 * What is known of the code of one file: a module's own ELF file with DWARF, a `vmlinux`, or
 * the compact index that ships with the image.
 */
export interface DebugInfo {
  readonly bits: 32 | 64;
  /**
   * The place `offset` bytes behind a symbol.
   * @param size the symbol's size as the kernel printed it: picks one of several functions
   *   of one name; when none has that size the file is of another build, and nothing is found.
   */
  resolve(symbol: string, offset: number, size?: number): CodePlace | undefined;
  /** The place at an address of a linked file; undefined for relocatable ones. */
  placeOf(address: bigint): CodePlace | undefined;
  /** The function that a place lies in. */
  symbolAt(place: CodePlace): CodeSymbol | undefined;
  /** The inline chain of a place, from the innermost function to the outermost; empty if unknown. */
  locate(place: CodePlace): readonly SourceLocation[];
  /** Up to `length` bytes of code from a place on; empty where the file has no code. */
  code(place: CodePlace, length: number): Uint8Array;
}
