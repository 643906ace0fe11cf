import {
  type CodePlace,
  type DebugInfo,
  isDebugInfoError,
  relativeToKernelTree,
  type SourceLocation,
} from "../../debuginfo/index.js";
import { excerptOf, type Frame } from "../../reports/index.js";
import type { ModuleFile } from "../module-files.js";
import { type OpenedModuleFile, openModuleFile } from "../opened-module-file.js";
import type { AutopsyFrame, AutopsyPlace } from "./autopsy.js";
import type { NamedAddress, NamedFrame } from "./named-stack.js";

export interface FrameDecoderParts {
  /** Lines of the kernel's code; undefined where they are not at hand. */
  readonly kernelLines: DebugInfo | undefined;
  /** The files that modules were made of, by their names. */
  readonly files: ReadonlyMap<string, ModuleFile>;
  readSource(path: string): Promise<string | undefined>;
}

/** Finds what places in a kernel's code are in the source. */
export class FrameDecoder {
  readonly #parts: FrameDecoderParts;

  constructor(parts: FrameDecoderParts) {
    this.#parts = parts;
  }

  frames(frames: readonly NamedFrame[]): Promise<AutopsyFrame[]> {
    return Promise.all(
      frames.map(({ frame, at, stack }) => {
        const { isReturnAddress, reliable } = frame;
        return this.#frame(at, { isReturnAddress, reliable, stack });
      }),
    );
  }

  /** A function and its line. */
  async place(at: NamedAddress): Promise<AutopsyPlace | undefined> {
    return placeOf(
      await this.#frame(at, { isReturnAddress: false, reliable: true, stack: "task" }),
    );
  }

  /** The inline chain of a place, the innermost first. */
  locate({ address, place, section }: NamedAddress): readonly SourceLocation[] {
    if (place?.module !== undefined) return this.#locateInModule(place.module, section);
    const { kernelLines } = this.#parts;
    const at = kernelLines?.placeOf(address);
    return kernelLines === undefined || at === undefined ? [] : kernelLines.locate(at);
  }

  async #frame(
    at: NamedAddress,
    how: { isReturnAddress: boolean; reliable: boolean; stack: string },
  ): Promise<AutopsyFrame> {
    const { address, place } = at;
    // A return address lies behind the byte that was looked up.
    const behind = how.isReturnAddress ? 1 : 0;
    const frame: Frame = {
      symbol: place?.name,
      offset: place && place.offset + behind,
      size: undefined,
      module: place?.module,
      address: address + BigInt(behind),
      sure: how.reliable,
      role: how.isReturnAddress ? "return" : "instruction",
      trace: "call",
      stack: how.stack,
      line: 0,
    };
    const locations = this.locate(at);
    const own = place?.module === undefined ? undefined : ownLocation(locations);
    return {
      frame,
      locations,
      excerpt: own && excerptOf(own, await this.#parts.readSource(own.file)),
    };
  }

  #locateInModule(module: string, section: NamedAddress["section"]): readonly SourceLocation[] {
    const bytes = this.#parts.files.get(module)?.bytes;
    const file = bytes && openedOrNone(bytes);
    const index = section && file?.sections.get(section.name);
    if (file === undefined || section === undefined || index === undefined) return [];
    const at = { section: index, offset: section.offset };
    return withOwnName(file.debugInfo.locate(at), file, at);
  }
}

function openedOrNone(bytes: Uint8Array): OpenedModuleFile | undefined {
  try {
    return openModuleFile(bytes);
  } catch {
    return undefined; // No module that could be read: another file may be the one.
  }
}

/**
 * What module_init() and module_exit() call a module's functions (include/linux/module.h). They
 * are aliases, and a compiler may leave out the symbol of the name in the source.
 */
const LOADER_NAMES = new Set(["init_module", "cleanup_module"]);

/** With the name that the outermost function has in the source, which its debug information tells. */
function withOwnName(
  locations: readonly SourceLocation[],
  { file }: OpenedModuleFile,
  place: CodePlace,
): readonly SourceLocation[] {
  const outermost = locations.at(-1);
  if (outermost === undefined || !LOADER_NAMES.has(outermost.function)) return locations;
  const address = file.space.addressOf(place);
  try {
    const own = address === undefined ? undefined : file.dwarf.locate(address).at(-1);
    const name = own?.function || outermost.function;
    return [...locations.slice(0, -1), { ...outermost, function: name }];
  } catch (error) {
    if (!isDebugInfoError(error)) throw error;
    return locations;
  }
}

/** The location in a module's own source: what it inlines from the kernel's headers is not. */
function ownLocation(locations: readonly SourceLocation[]): SourceLocation | undefined {
  return locations.find(({ file }) => relativeToKernelTree(file) === file) ?? locations.at(-1);
}

/** Where a frame is, in words of its source; undefined where it has no name. */
export function placeOf({ frame, locations, excerpt }: AutopsyFrame): AutopsyPlace | undefined {
  const own = frame.module === undefined ? locations.at(-1) : ownLocation(locations);
  const name = own?.function ?? frame.symbol;
  if (name === undefined) return undefined;
  return {
    function: name,
    module: frame.module,
    file: own?.file,
    line: own === undefined || own.line === 0 ? undefined : own.line,
    excerpt,
  };
}
