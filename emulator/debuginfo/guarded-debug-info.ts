import type { CodePlace, CodeSymbol, DebugInfo, SourceLocation } from "./debug-info.js";
import { DwarfError } from "./dwarf/dwarf-error.js";
import { ElfError } from "./elf.js";
import { GsymError } from "./gsym/gsym-error.js";

/** Whether an error says that a file of debug information cannot be read. */
export function isDebugInfoError(error: unknown): error is Error {
  return error instanceof DwarfError || error instanceof ElfError || error instanceof GsymError;
}

/**
 * Debug information that may turn out to be damaged at any question: the answer is then that
 * nothing is known, and the first error is kept to be told.
 */
export class GuardedDebugInfo implements DebugInfo {
  readonly #inner: DebugInfo;
  #error: Error | undefined;

  constructor(inner: DebugInfo) {
    this.#inner = inner;
  }

  get bits(): 32 | 64 {
    return this.#inner.bits;
  }

  /** What was wrong with it, if something was. */
  get error(): Error | undefined {
    return this.#error;
  }

  resolve(symbol: string, offset: number, size?: number): CodePlace | undefined {
    return this.#attempt(() => this.#inner.resolve(symbol, offset, size), undefined);
  }

  placeOf(address: bigint): CodePlace | undefined {
    return this.#attempt(() => this.#inner.placeOf(address), undefined);
  }

  symbolAt(place: CodePlace): CodeSymbol | undefined {
    return this.#attempt(() => this.#inner.symbolAt(place), undefined);
  }

  locate(place: CodePlace): readonly SourceLocation[] {
    return this.#attempt(() => this.#inner.locate(place), []);
  }

  code(place: CodePlace, length: number): Uint8Array {
    return this.#attempt(() => this.#inner.code(place, length), new Uint8Array());
  }

  #attempt<T>(question: () => T, nothing: T): T {
    try {
      return question();
    } catch (error) {
      if (!isDebugInfoError(error)) throw error;
      this.#error ??= error;
      return nothing;
    }
  }
}
