import type { ImageSource, ManifestFile } from "../lab/index.js";
import { compileV86 } from "../machine/v86-wasm.js";
import { download } from "./download.js";
import { BrowserError } from "./failure.js";
import type { LabAssets } from "./protocol.js";
import { publishedName } from "./published-name.js";
import { sha256 } from "./sha256.js";
import { START_FILES } from "./start-files.js";
import { StartProgress } from "./start-progress.js";
import { downloadWasm } from "./wasm-download.js";

const MANIFEST = "manifest.json";

export interface BrowserImageSourceOptions {
  /** Of what a start needs: bytes that have come, and that there are, all files together. */
  readonly onBytes?: (loadedBytes: number, totalBytes: number) => void;
}

/**
 * Downloads images and the emulator. A file that is not what the manifest says is asked for
 * again, past the browser's cache: it may be one of an earlier version.
 */
export function browserImageSource(
  assets: LabAssets,
  options: BrowserImageSourceOptions = {},
): ImageSource {
  const source = new BrowserImageSource(assets, options);
  return {
    readImage: (path, signal) => source.readImage(path, signal),
    sha256: (bytes) => source.sha256(bytes),
    gunzip,
    engine: () => source.engine(),
    disassembler: () => source.disassembler(),
  };
}

class BrowserImageSource {
  readonly #assets: LabAssets;
  readonly #progress: StartProgress;
  readonly #files = new Map<string, ManifestFile>();
  /** Of what was downloaded, so that it is not computed twice. */
  readonly #hashes = new WeakMap<Uint8Array, Promise<string>>();
  /** Files of the start, asked for before anybody knows the manifest. */
  readonly #early = new Map<string, Promise<Uint8Array>>();
  #engine: Promise<WebAssembly.Module> | undefined;
  #disassembler: Promise<WebAssembly.Module> | undefined;

  constructor(assets: LabAssets, options: BrowserImageSourceOptions) {
    this.#assets = assets;
    this.#progress = new StartProgress(options.onBytes ?? (() => undefined));
    // All at once, so that the start waits for one answer of the server and not for two.
    for (const path of START_FILES) this.#early.set(path, this.#downloadEarly(path));
    void this.engine();
  }

  sha256(bytes: Uint8Array): Promise<string> {
    const known = this.#hashes.get(bytes) ?? sha256(bytes);
    this.#hashes.set(bytes, known);
    return known;
  }

  async readImage(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    if (path === MANIFEST) return this.#readManifest(signal);
    const expected = this.#files.get(path);
    const bytes = await (this.#takeEarly(path) ?? this.#download(path, this.#cache, signal));
    if (expected === undefined || (await this.#fits(bytes, expected))) return bytes;
    const again = await this.#download(path, "reload", signal);
    if (await this.#fits(again, expected)) return again;
    throw new BrowserError(
      "image-corrupt",
      `images/${path} came damaged, twice: ${again.length} of ${expected.bytes} bytes, or others ` +
        "than those it was published with. Try again in a while; the server may just be getting " +
        "a new version.",
    );
  }

  engine(): Promise<WebAssembly.Module> {
    this.#engine ??= downloadWasm(this.#assets.engine, {
      name: "The emulator (v86.wasm)",
      cache: this.#cache,
      onSize: (bytes) => this.#progress.engineSize(bytes),
      onBytes: (loaded) => this.#progress.loaded("engine", loaded),
      // Only a debugger makes single steps; without one the compiled code comes from the cache.
      ...(this.#assets.gdb && { compile: compileV86 }),
    });
    // The next one to ask tries again.
    this.#engine.catch(() => {
      this.#engine = undefined;
    });
    return this.#engine;
  }

  disassembler(): Promise<WebAssembly.Module> {
    this.#disassembler ??= downloadWasm(this.#assets.disassembler, {
      name: "The disassembler (iced_x86_bg.wasm)",
    });
    this.#disassembler.catch(() => {
      this.#disassembler = undefined;
    });
    return this.#disassembler;
  }

  async #readManifest(signal: AbortSignal | undefined): Promise<Uint8Array> {
    // Asked for anew each time, so that it is never older than the files that it describes.
    const cache = this.#assets.fresh ? "reload" : "no-cache";
    const bytes = await this.#download(MANIFEST, cache, signal);
    for (const file of filesOf(bytes)) this.#files.set(file.path, file);
    this.#progress.sizes(this.#files);
    return bytes;
  }

  get #cache(): RequestCache {
    return this.#assets.fresh ? "reload" : "default";
  }

  #downloadEarly(path: string): Promise<Uint8Array> {
    const bytes = this.#download(path, this.#cache, undefined);
    // Whoever takes it sees that it failed.
    bytes.catch(() => undefined);
    return bytes;
  }

  #takeEarly(path: string): Promise<Uint8Array> | undefined {
    const bytes = this.#early.get(path);
    this.#early.delete(path);
    return bytes;
  }

  #download(
    path: string,
    cache: RequestCache,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    return download(new URL(publishedName(path), this.#assets.images).href, {
      name: `images/${path}`,
      signal,
      cache,
      onBytes: (loaded) => this.#progress.loaded(path, loaded),
    });
  }

  async #fits(bytes: Uint8Array, expected: ManifestFile): Promise<boolean> {
    return bytes.length === expected.bytes && (await this.sha256(bytes)) === expected.sha256;
  }
}

/** The lab reads the manifest itself and says what is wrong with it: here it is only of use. */
function filesOf(manifest: Uint8Array): readonly ManifestFile[] {
  try {
    const { files } = JSON.parse(new TextDecoder().decode(manifest));
    return Array.isArray(files) ? files : [];
  } catch {
    return [];
  }
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const unpacked = new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
