import type { ImageSource, ManifestFile, OnBytes } from "../lab/index.js";
import { compileV86 } from "../machine/v86-wasm.js";
import type { StartBuildThread } from "../toolchain/index.js";
import { type DownloadOptions, download } from "./download.js";
import { EarlyGunzip } from "./early-gunzip.js";
import { BrowserError } from "./failure.js";
import type { LabAssets } from "./protocol.js";
import { publishedName } from "./published-name.js";
import { sha256 } from "./sha256.js";
import { START_FILES } from "./start-files.js";
import { StartProgress } from "./start-progress.js";
import { downloadWasm } from "./wasm-download.js";

const MANIFEST = "manifest.json";
/** So large that unpacking it takes as long as its download. */
const SNAPSHOT = "i686/snapshot.bin";

export interface BrowserImageSourceOptions {
  /** Of what a start needs: bytes that have come, and that there are, all files together. */
  readonly onBytes?: (loadedBytes: number, totalBytes: number) => void;
  /** Starts the compiler's worker; without it nothing can be built. */
  readonly startBuildThread?: StartBuildThread;
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
    readImage: (path, signal, onBytes) => source.readImage(path, signal, onBytes),
    sha256: (bytes) => source.sha256(bytes),
    gunzip: (bytes) => source.gunzip(bytes),
    engine: () => source.engine(),
    disassembler: () => source.disassembler(),
    startBuildThread: options.startBuildThread ?? noBuildThread,
  };
}

function noBuildThread(): never {
  throw new BrowserError("refused", "Nothing can be built here: this page has no compiler.");
}

class BrowserImageSource {
  readonly #assets: LabAssets;
  readonly #progress: StartProgress;
  readonly #files = new Map<string, ManifestFile>();
  /** Of what was downloaded, so that it is not computed twice. */
  readonly #hashes = new WeakMap<Uint8Array, Promise<string>>();
  /** Files of the start, asked for before anybody knows the manifest. */
  readonly #early = new Map<string, Promise<Uint8Array>>();
  /** What has come of the snapshot, unpacked; with the file once it is there. */
  #snapshot: { readonly unpacking: EarlyGunzip; file?: Uint8Array } | undefined;
  #engine: Promise<WebAssembly.Module> | undefined;
  #disassembler: Promise<WebAssembly.Module> | undefined;

  constructor(assets: LabAssets, options: BrowserImageSourceOptions) {
    this.#assets = assets;
    this.#progress = new StartProgress(options.onBytes ?? (() => undefined));
    // All at once, so that the start waits for one answer of the server and not for two. The
    // largest are asked for first: browsers open few connections to a server.
    this.#early.set(SNAPSHOT, this.#downloadSnapshot());
    void this.engine();
    for (const path of [MANIFEST, ...START_FILES]) {
      if (path !== SNAPSHOT) this.#early.set(path, this.#download(path));
    }
    // Whoever takes one sees that it failed.
    for (const bytes of this.#early.values()) bytes.catch(() => undefined);
  }

  async gunzip(bytes: Uint8Array): Promise<Uint8Array> {
    const { unpacking, file } = this.#snapshot ?? {};
    const early = file && unpacking?.resultFor(bytes, file);
    if (early !== undefined) this.#snapshot = undefined;
    return early ?? gunzip(bytes);
  }

  sha256(bytes: Uint8Array): Promise<string> {
    const known = this.#hashes.get(bytes) ?? sha256(bytes);
    this.#hashes.set(bytes, known);
    return known;
  }

  async readImage(
    path: string,
    signal: AbortSignal | undefined,
    onBytes?: OnBytes,
  ): Promise<Uint8Array> {
    if (path === MANIFEST) return this.#readManifest(signal);
    const expected = this.#files.get(path);
    const bytes = await this.#read(path, signal, onBytes);
    if (expected === undefined || (await this.#fits(bytes, expected))) return bytes;
    const again = await this.#download(path, { signal, onBytes, cache: "reload" });
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
      cache: this.#cacheOf(),
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
    const bytes = await this.#read(MANIFEST, signal);
    for (const file of filesOf(bytes)) this.#files.set(file.path, file);
    this.#progress.sizes(this.#files);
    return bytes;
  }

  #cacheOf(path?: string): RequestCache {
    if (this.#assets.fresh) return "reload";
    // Asked for anew each time, so that it is never older than the files that it describes.
    return path === MANIFEST ? "no-cache" : "default";
  }

  async #downloadSnapshot(): Promise<Uint8Array> {
    const file = await this.#download(SNAPSHOT, {
      sink: () => {
        this.#snapshot = { unpacking: new EarlyGunzip() };
        return this.#snapshot.unpacking;
      },
    });
    if (this.#snapshot !== undefined) this.#snapshot.file = file;
    return file;
  }

  /** What the start asked for already, once; anything else is asked for now. */
  #read(path: string, signal: AbortSignal | undefined, onBytes?: OnBytes): Promise<Uint8Array> {
    const early = this.#early.get(path);
    this.#early.delete(path);
    return early ?? this.#download(path, { signal, onBytes });
  }

  #download(
    path: string,
    options: Pick<DownloadOptions, "signal" | "sink" | "cache" | "onBytes"> = {},
  ): Promise<Uint8Array> {
    return download(new URL(publishedName(path), this.#assets.images).href, {
      name: `images/${path}`,
      cache: this.#cacheOf(path),
      ...options,
      onBytes: (loaded) => {
        this.#progress.loaded(path, loaded);
        options.onBytes?.(loaded);
      },
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
