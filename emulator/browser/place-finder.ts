import { formatPlace, type KernelSymbols, openDebugFile } from "../lab/index.js";
import { Emitter } from "../machine/emitter.js";

/** Where a loaded module's code lies in the kernel's memory. */
export interface ModuleCode {
  readonly name: string;
  /** Of its first byte. */
  readonly address: number;
  /** Bytes of memory, its data included. */
  readonly size: number;
  /** Its file, where that is at hand. */
  readonly file: Uint8Array | undefined;
}

/** After a download that failed, the next one is not tried before this. */
const RETRY_AFTER_MS = 30_000;

/** Names places in the kernel. Its symbols are downloaded when they are first needed. */
export class PlaceFinder {
  readonly #readSymbols: () => Promise<KernelSymbols>;
  readonly #modules: () => readonly ModuleCode[];
  readonly #changes = new Emitter<void>();
  /** There are names now where there were none. */
  readonly onChange = this.#changes.on;
  #symbols: KernelSymbols | undefined;
  #isLoading = false;
  #failedAt = Number.NEGATIVE_INFINITY;

  /** @param modules those that are loaded now */
  constructor(readSymbols: () => Promise<KernelSymbols>, modules: () => readonly ModuleCode[]) {
    this.#readSymbols = readSymbols;
    this.#modules = modules;
  }

  /** Fetches the kernel's symbols unless they are here or on their way. */
  load(): void {
    const isTooEarly = performance.now() - this.#failedAt < RETRY_AFTER_MS;
    if (this.#symbols !== undefined || this.#isLoading || isTooEarly) return;
    this.#isLoading = true;
    this.#readSymbols()
      .then((symbols) => {
        this.#symbols = symbols;
        this.#changes.emit();
      })
      .catch(() => {
        this.#failedAt = performance.now();
      })
      .finally(() => {
        this.#isLoading = false;
      });
  }

  /**
   * `function+0xoffset`, with ` [module]` behind it; the plain address for code that belongs to
   * neither, such as a module's that is still being loaded.
   * @returns undefined while there are no symbols.
   */
  find(address: number): string | undefined {
    const module = this.#modules().find(
      ({ address: start, size }) => start <= address && address < start + size,
    );
    if (module !== undefined) return placeInModule(module, address);
    if (this.#symbols === undefined) return undefined;
    const place = this.#symbols.find(address);
    return place === undefined ? `0x${address.toString(16)}` : formatPlace(place);
  }
}

/**
 * A module's `.text` is the first of its sections in memory (Linux kernel/module/main.c,
 * layout_sections(): code first, in the order of the file).
 */
function placeInModule({ name, address: start, file }: ModuleCode, address: number): string {
  const unnamed = `${name}+0x${(address - start).toString(16)}`;
  if (file === undefined) return unnamed;
  try {
    const debugFile = openDebugFile(file);
    const section = debugFile.elf.sections.findIndex((candidate) => candidate.name === ".text");
    const offset = address - start;
    const symbol = debugFile.symbolAt({ section, offset });
    if (symbol === undefined) return unnamed;
    return `${formatPlace({ name: symbol.name, offset: offset - symbol.place.offset })} [${name}]`;
  } catch {
    return unnamed;
  }
}
