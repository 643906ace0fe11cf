import type { CodePlace, CodeSymbol, DebugInfo, SourceLocation } from "./debug-info.js";
import { locateInFunction } from "./function-record.js";
import { UNKNOWN_FILE } from "./gsym/file-table.js";
import { GsymReader } from "./gsym/gsym-reader.js";

/** What stands for a name that is not known. */
const UNKNOWN_FUNCTION = "??";

/** Functions without a symbol that follow each other: some 30 in kernel/sys_ni.c. */
const MOST_OVERRIDDEN = 64;

/** The only section of an index: all code, from its base address on. */
const ONLY_SECTION = 0;

/** A kernel's debug information out of the compact index (see gsym/FORMAT.md). */
export class KernelIndex implements DebugInfo {
  readonly bits: 32 | 64;
  readonly #gsym: GsymReader;
  /** The functions of each name, ordered by address; made when the first name is looked up. */
  #byName: ReadonlyMap<string, readonly number[]> | undefined;

  /**
   * Takes a few milliseconds; functions are decoded one by one when they are looked up.
   * @throws GsymError for bytes that are no index, or are damaged. So do all methods: the
   *   damage may show late.
   */
  constructor(bytes: Uint8Array) {
    this.#gsym = new GsymReader(bytes);
    this.bits = this.#gsym.header.baseAddress >= 2n ** 32n ? 64 : 32;
  }

  /** The build ID of the kernel that the index was made of; empty if that had none. */
  get buildId(): Uint8Array {
    return this.#gsym.header.uuid;
  }

  /**
   * Without a size, the first by address of several functions of one name is taken. The kernel
   * counts a symbol's size up to the next symbol (kernel/kallsyms.c, get_symbol_pos()), the
   * padding between them included; the symbol table does not. Both are accepted, and what
   * lies between, since the next symbol may be one that the kernel leaves out.
   */
  resolve(symbol: string, offset: number, size?: number): CodePlace | undefined {
    const indexes = this.#indexesOf(symbol);
    const index = size === undefined ? indexes[0] : this.#withSize(indexes, size);
    if (index === undefined || offset < 0 || offset > this.#room(index)) return undefined;
    return { section: ONLY_SECTION, offset: this.#gsym.symbol(index).start + offset };
  }

  placeOf(address: bigint): CodePlace | undefined {
    const offset = Number(address - this.#gsym.header.baseAddress);
    return this.#gsym.indexAt(offset) < 0 ? undefined : { section: ONLY_SECTION, offset };
  }

  /** The address that a place has where the kernel was linked to. */
  addressOf({ offset }: CodePlace): bigint {
    return this.#gsym.header.baseAddress + BigInt(offset);
  }

  symbolAt({ section, offset }: CodePlace): CodeSymbol | undefined {
    const index = section === ONLY_SECTION ? this.#gsym.indexAt(offset) : -1;
    if (index < 0) return undefined;
    const { name, start, size } = this.#gsym.symbol(index);
    if (offset >= start + size || name === UNKNOWN_FUNCTION) return undefined;
    return { name, place: { section: ONLY_SECTION, offset: start }, size };
  }

  locate({ section, offset }: CodePlace): readonly SourceLocation[] {
    const index = section === ONLY_SECTION ? this.#gsym.indexAt(offset) : -1;
    if (index < 0) return [];
    const record = this.#gsym.function(index);
    const chain = locateInFunction(record, offset - record.start);
    if (offset < record.start + record.size) return chain;
    // Padding behind the function: lines go on, as far as the compiler says so.
    const outermost = chain.pop();
    if (outermost === undefined || outermost.file === UNKNOWN_FILE) return [];
    return [...chain, { ...outermost, function: UNKNOWN_FUNCTION }];
  }

  /** Empty: the index has no code. */
  code(): Uint8Array {
    return new Uint8Array();
  }

  #indexesOf(name: string): readonly number[] {
    this.#byName ??= this.#indexNames();
    return this.#byName.get(name) ?? [];
  }

  #indexNames(): Map<string, number[]> {
    const byName = new Map<string, number[]>();
    const add = (name: string, index: number): void => {
      const indexes = byName.get(name);
      if (indexes === undefined) byName.set(name, [index]);
      else indexes.push(index);
    };
    for (let index = 0; index < this.#gsym.starts.length; index++) {
      add(this.#gsym.symbol(index).name, index);
    }
    for (const { name, index } of this.#gsym.aliases()) add(name, index);
    for (const indexes of byName.values()) indexes.sort((a, b) => a - b);
    byName.delete(UNKNOWN_FUNCTION);
    return byName;
  }

  #withSize(indexes: readonly number[], size: number): number | undefined {
    return (
      indexes.find((index) => this.#room(index) === size) ??
      indexes.find((index) => this.#gsym.symbol(index).size <= size && size <= this.#room(index)) ??
      indexes.find((index) => this.#isPastOverridden(index, size))
    );
  }

  /**
   * Whether a size spans functions behind the one that have no symbol: of a weak function that
   * another file overrides, code and debug information stay, but the kernel counts only symbols.
   */
  #isPastOverridden(index: number, size: number): boolean {
    const { starts } = this.#gsym;
    const end = (starts[index] ?? 0) + size;
    return starts.subarray(index + 2, index + 2 + MOST_OVERRIDDEN).includes(end);
  }

  /** Bytes from a function's start to the next one's, or to its own end if there is none. */
  #room(index: number): number {
    const { start, size } = this.#gsym.symbol(index);
    const next = this.#gsym.starts[index + 1];
    return next === undefined ? size : next - start;
  }
}
