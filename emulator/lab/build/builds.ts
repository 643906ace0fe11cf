import { parseTar } from "nanotar";
import { Emitter, type Event } from "../../machine/emitter.js";
import type { Arch } from "../../machine/machine.js";
import {
  type BuildPrograms,
  type BuildRecipes,
  BuildSession,
  type BuildSessionOptions,
  type FilePack,
  parsePacks,
  parseProgramOptions,
  parseRecipe,
  ToolchainError,
} from "../../toolchain/index.js";
import type { Images, OnBytes } from "../images.js";
import type { BuildFetch, BuildFetchPart } from "./build.js";
import { FetchProgress } from "./fetch-progress.js";
import { FetchedOnce } from "./fetched-once.js";

/** One compiler for all kernels. */
const COMPILER = "toolchain/kcc.wasm.xz";

type Files = ReadonlyMap<string, Uint8Array>;

/**
 * What builds modules and programs for the kernel of an image: made when something is first built,
 * of files that are fetched then, and kept. No guest is needed.
 */
export class Builds implements Disposable {
  readonly #images: Images;
  /** Where the image set keeps what belongs to this kernel. */
  readonly #folder: string;
  readonly #closed = new AbortController();
  readonly #fetches = new Emitter<BuildFetch>();
  /** Something is fetched for a build, or could not be. */
  readonly onFetch: Event<BuildFetch> = this.#fetches.on;
  readonly #progress: Readonly<Record<BuildFetchPart, FetchProgress>>;
  readonly #recipes = new FetchedOnce(() => this.#readRecipes());
  readonly #programs = new FetchedOnce(() => this.#readPrograms());
  /** By their images. */
  readonly #packs = new Map<string, FetchedOnce<Files>>();
  readonly #made: FetchedOnce<BuildSession>;
  #session: BuildSession | undefined;

  constructor(images: Images, arch: Arch, options: BuildSessionOptions = {}) {
    this.#images = images;
    this.#folder = arch;
    const progress = (part: BuildFetchPart): FetchProgress =>
      new FetchProgress(part, (fetch) => this.#fetches.emit(fetch));
    this.#progress = {
      compiler: progress("compiler"),
      headers: progress("headers"),
      library: progress("library"),
    };
    this.#made = new FetchedOnce(() => this.#makeSession(options));
  }

  /**
   * What builds. Of all that it needs, only the recipes are fetched at once.
   * @throws LabError (rejects) `image-missing` or `image-corrupt`, ToolchainError `bad-recipe`; the
   *   next call tries again. ToolchainError `aborted` when it was closed.
   */
  session(): Promise<BuildSession> {
    return this.#made.get();
  }

  /**
   * How modules and programs are built for this kernel.
   * @throws (rejects) as `session`
   */
  recipes(): Promise<BuildRecipes> {
    return this.#recipes.get();
  }

  /**
   * Fetches a part that every build of its kind needs, so that a build need not wait for it; nothing
   * when it is there.
   * @throws (rejects) as `session`
   */
  async fetch(part: BuildFetchPart): Promise<void> {
    if (part === "compiler") {
      await this.#programs.get();
      return;
    }
    const { [part]: packs } = await this.recipes();
    const [first] = packs;
    if (first !== undefined) await this.#files(part, first);
  }

  /** Ends the build that runs, its thread, and what is being fetched. */
  [Symbol.dispose](): void {
    this.#closed.abort(new ToolchainError("aborted", "The compiler was closed."));
    this.#session?.dispose();
  }

  async #makeSession(options: BuildSessionOptions): Promise<BuildSession> {
    const recipes = await this.recipes();
    this.#closed.signal.throwIfAborted();
    const parts = {
      recipes,
      programs: () => this.#programs.get(),
      files: (pack: FilePack) =>
        this.#files(recipes.headers.includes(pack) ? "headers" : "library", pack),
    };
    this.#session = new BuildSession(parts, this.#images.source.startBuildThread, options);
    return this.#session;
  }

  async #readRecipes(): Promise<BuildRecipes> {
    const [module, headers, program, library] = await Promise.all([
      this.#readText("kbuild.json").then(parseRecipe),
      this.#readText("headers.json.gz").then(parsePacks),
      this.#readText("cc.json").then(parseProgramOptions),
      this.#readText("library.json.gz").then(parsePacks),
    ]);
    return { module, headers, program, library };
  }

  async #readPrograms(): Promise<BuildPrograms> {
    const check = `${this.#folder}/modpost.wasm.gz`;
    const totalBytes = this.#images.size(COMPILER) + this.#images.size(check);
    return this.#progress.compiler.track(totalBytes, async (onBytes) => {
      let compilerBytes = 0;
      let checkBytes = 0;
      const tell = (): void => onBytes(compilerBytes + checkBytes);
      const [packedCompiler, packedCheck] = await Promise.all([
        this.#read(COMPILER, (bytes) => {
          compilerBytes = bytes;
          tell();
        }),
        this.#read(check, (bytes) => {
          checkBytes = bytes;
          tell();
        }),
      ]);
      const [kcc, modpost] = await Promise.all([
        compiled(COMPILER, this.#images.source.compileXz(packedCompiler)),
        compiled(check, this.#compileGz(packedCheck)),
      ]);
      return { kcc, modpost };
    });
  }

  #files(part: "headers" | "library", pack: FilePack): Promise<Files> {
    const known = this.#packs.get(pack.archive);
    if (known !== undefined) return known.get();
    const files = new FetchedOnce(() =>
      this.#progress[part].track(pack.bytes, async (onBytes) => {
        const packed = await this.#read(pack.archive, onBytes);
        const entries = parseTar(await this.#images.source.gunzip(packed));
        return new Map(entries.map(({ name, data }) => [name, data ?? new Uint8Array()]));
      }),
    );
    this.#packs.set(pack.archive, files);
    return files.get();
  }

  async #readText(name: string): Promise<string> {
    const bytes = await this.#read(`${this.#folder}/${name}`);
    const unpacked = name.endsWith(".gz") ? await this.#images.source.gunzip(bytes) : bytes;
    return new TextDecoder().decode(unpacked);
  }

  #read(path: string, onBytes?: OnBytes): Promise<Uint8Array> {
    return this.#images.read(path, this.#closed.signal, onBytes);
  }

  async #compileGz(packed: Uint8Array): Promise<WebAssembly.Module> {
    return WebAssembly.compile(new Uint8Array(await this.#images.source.gunzip(packed)));
  }
}

/** Its bytes are the right ones: what cannot be compiled does not fit into the host. */
async function compiled(
  path: string,
  program: Promise<WebAssembly.Module>,
): Promise<WebAssembly.Module> {
  try {
    return await program;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ToolchainError(
      "not-available",
      `images/${path} could not be unpacked and compiled: ${reason}. That takes some 200 MB of ` +
        "memory: close other programs, then try again.",
      { cause },
    );
  }
}
