import type { ImageSource, ManifestFile, OnBytes } from "../lab/index.js";
import type { BuildWorkers } from "./build-workers.js";
import { type DownloadOptions, readBody, request, withRetry } from "./download.js";
import { EarlyGunzip } from "./early-gunzip.js";
import { BrowserError } from "./failure.js";
import type { PackedProgram } from "./packed-program.js";
import type { LabAssets } from "./protocol.js";
import { publishedName } from "./published-name.js";
import { type ChunkSink, ResumedDownload } from "./resumed-download.js";
import { sha256 } from "./sha256.js";
import { START_FILES } from "./start-files.js";
import { StartProgress } from "./start-progress.js";
import { downloadWasm } from "./wasm-download.js";

const MANIFEST = "manifest.json";
/** So large that unpacking it takes as long as its download. */
const SNAPSHOT = "i686/snapshot.bin";
/** Programs as large, packed by xz, that another thread unpacks and compiles while they come. */
const PROGRAM = /\.wasm\.xz$/;

export interface BrowserImageSourceOptions {
  /** Of what a start needs: bytes that have come, and that there are, all files together. */
  readonly onBytes?: (loadedBytes: number, totalBytes: number) => void;
  /** The compiler's workers; without them nothing can be built. */
  readonly builds?: BuildWorkers;
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
    compileXz: (packed) => source.compileXz(packed),
    startBuildThread: options.builds?.start ?? noBuilds,
  };
}

function noBuilds(): never {
  throw new BrowserError("refused", "Nothing can be built here: this page has no compiler.");
}

interface Begun {
  readonly download: ResumedDownload;
  /** What is being made of the file. */
  program: PackedProgram | undefined;
}

class BrowserImageSource {
  readonly #assets: LabAssets;
  readonly #progress: StartProgress;
  readonly #builds: BuildWorkers | undefined;
  readonly #files = new Map<string, ManifestFile>();
  /** Of what was downloaded, so that it is not computed twice. */
  readonly #hashes = new WeakMap<Uint8Array, Promise<string>>();
  /** Files of the start, asked for before anybody knows the manifest. */
  readonly #early = new Map<string, Promise<Uint8Array>>();
  /** Downloads that failed, and that whoever asks next goes on with; by path. */
  readonly #begun = new Map<string, Begun>();
  /** By the program's file, once all of it is there. */
  readonly #programs = new WeakMap<Uint8Array, PackedProgram>();
  /** What has come of the snapshot, unpacked; with the file once it is there. */
  #snapshot: { readonly unpacking: EarlyGunzip; file?: Uint8Array } | undefined;
  #engine: Promise<WebAssembly.Module> | undefined;
  #disassembler: Promise<WebAssembly.Module> | undefined;

  constructor(assets: LabAssets, options: BrowserImageSourceOptions) {
    this.#assets = assets;
    this.#builds = options.builds;
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

  compileXz(packed: Uint8Array): Promise<WebAssembly.Module> {
    const known = this.#programs.get(packed);
    if (known !== undefined) return known.program;
    const program = this.#builds?.compile() ?? noBuilds();
    program.write(packed);
    program.end();
    return program.program;
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
    this.#programs.get(bytes)?.abort();
    const again = await this.#download(path, { signal, onBytes, cache: "reload" });
    if (await this.#fits(again, expected)) return again;
    this.#programs.get(again)?.abort();
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

  /** How the browser's cache is used, unless something came damaged from it. */
  get #cache(): RequestCache {
    return this.#assets.fresh ? "reload" : "default";
  }

  async #downloadSnapshot(): Promise<Uint8Array> {
    const file = await this.#download(SNAPSHOT);
    if (this.#snapshot !== undefined) this.#snapshot.file = file;
    return file;
  }

  /** What the start asked for already, once; anything else is asked for now. */
  #read(path: string, signal: AbortSignal | undefined, onBytes?: OnBytes): Promise<Uint8Array> {
    const early = this.#early.get(path);
    this.#early.delete(path);
    return early ?? this.#download(path, { signal, onBytes });
  }

  async #download(
    path: string,
    options: Pick<DownloadOptions, "signal" | "cache" | "onBytes"> = {},
  ): Promise<Uint8Array> {
    const { signal, cache } = options;
    if (path === MANIFEST) return this.#downloadManifest(signal);
    // Past the cache, it is another file that is wanted than the one that had come.
    const begun = (cache === undefined && this.#begun.get(path)) || this.#begin(path, cache);
    this.#begun.delete(path);
    const onBytes = (loaded: number): void => {
      this.#progress.loaded(path, loaded);
      options.onBytes?.(loaded);
    };
    try {
      const bytes = await begun.download.run({ signal, onBytes });
      if (begun.program !== undefined) this.#programs.set(bytes, begun.program);
      return bytes;
    } catch (error) {
      if (cache === undefined) this.#begun.set(path, begun);
      throw error;
    }
  }

  /** Nothing tells whether two parts of it are of one version: it comes as a whole. */
  #downloadManifest(signal: AbortSignal | undefined): Promise<Uint8Array> {
    // Asked for anew each time, so that it is never older than the files that it describes.
    const cache = this.#assets.fresh ? "reload" : "no-cache";
    const options: DownloadOptions = { name: `images/${MANIFEST}`, cache, signal };
    const url = new URL(MANIFEST, this.#assets.images).href;
    return withRetry(options, async () => readBody(await request(url, options)));
  }

  #begin(path: string, cache: RequestCache | undefined): Begun {
    const begun: Begun = {
      program: undefined,
      download: new ResumedDownload(new URL(publishedName(path), this.#assets.images).href, {
        name: `images/${path}`,
        cache: cache ?? this.#cache,
        sink: this.#sinkOf(path, (program) => {
          begun.program = program;
        }),
      }),
    };
    return begun;
  }

  /** Who takes the file while it comes. */
  #sinkOf(
    path: string,
    onProgram: (program: PackedProgram) => void,
  ): (() => ChunkSink) | undefined {
    if (path === SNAPSHOT) {
      return () => {
        this.#snapshot = { unpacking: new EarlyGunzip() };
        return this.#snapshot.unpacking;
      };
    }
    const builds = this.#builds;
    if (builds === undefined || !PROGRAM.test(path)) return undefined;
    return () => {
      const program = builds.compile();
      onProgram(program);
      return program;
    };
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
