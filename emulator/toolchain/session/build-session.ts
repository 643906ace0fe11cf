import { ToolchainError } from "../errors.js";
import type { HeaderPack } from "../kbuild/headers.js";
import type { ModuleBuild, ModuleSources } from "../kbuild/module-builder.js";
import type { KbuildRecipe } from "../kbuild/recipe.js";
import { DEFAULT_MEMORY_LIMIT } from "../kcc.js";
import type { BuildThread, FromBuildThread, StartBuildThread } from "./protocol.js";

/** What a build needs besides its sources, for one kernel. */
export interface BuildParts {
  readonly recipe: KbuildRecipe;
  /** The first has what every build needs. */
  readonly packs: readonly HeaderPack[];
  /** The compiler, 50 MB large: asked for when something is first built, and kept. */
  kcc(signal: AbortSignal): Promise<WebAssembly.Module>;
  modpost(signal: AbortSignal): Promise<WebAssembly.Module>;
  /** The files of a pack by their paths: asked for when one is first included, and kept. */
  headers(pack: HeaderPack, signal: AbortSignal): Promise<ReadonlyMap<string, Uint8Array>>;
}

export interface BuildSessionOptions {
  /** How long a build may take, milliseconds, without what is fetched for it. */
  readonly timeLimitMs?: number;
  /** For each program that is run, bytes. */
  readonly memoryLimit?: number;
  /** Calls back once after so many milliseconds, and gives a function that prevents it. */
  readonly after?: (ms: number, callback: () => void) => () => void;
}

/** How a build ended. */
export type FinishedBuild =
  | Exclude<ModuleBuild, { outcome: "headers-wanted" }>
  | { readonly outcome: "timed-out"; readonly afterMs: number };

/** A hundred times what a module takes; a source that takes longer is taken for an endless one. */
const DEFAULT_TIME_LIMIT_MS = 60_000;

/**
 * Builds modules for one kernel in a thread of its own, one at a time: a newer build takes the place
 * of the one that runs. The thread is ended when a build is cancelled or takes too long, and another is
 * started for the next one.
 */
export class BuildSession {
  readonly #parts: BuildParts;
  readonly #start: StartBuildThread;
  readonly #timeLimitMs: number;
  readonly #memoryLimit: number;
  readonly #after: (ms: number, callback: () => void) => () => void;
  readonly #headers = new Map<string, ReadonlyMap<string, Uint8Array>>();
  /** What is being fetched, or was. */
  readonly #fetches = new Map<string, Promise<void>>();
  readonly #closed = new AbortController();
  #programs: { kcc: WebAssembly.Module; modpost: WebAssembly.Module } | undefined;
  #thread: BuildThread | undefined;
  #running: AbortController | undefined;
  #waiting:
    | { id: number; resolve: (m: FromBuildThread) => void; reject: (e: Error) => void }
    | undefined;
  #lastId = 0;

  constructor(parts: BuildParts, start: StartBuildThread, options: BuildSessionOptions = {}) {
    this.#parts = parts;
    this.#start = start;
    this.#timeLimitMs = options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
    this.#memoryLimit = options.memoryLimit ?? DEFAULT_MEMORY_LIMIT;
    this.#after = options.after ?? hostTimer;
  }

  /**
   * Builds a module. What is missing is fetched first: the compiler, and headers.
   * @throws ToolchainError (rejects) `bad-request`, `superseded`, `aborted`, `not-available`; what
   *   `BuildParts` throws when something cannot be fetched
   */
  async build(module: ModuleSources, signal?: AbortSignal): Promise<FinishedBuild> {
    this.#running?.abort(
      new ToolchainError("superseded", `A build of ${module.name}.ko took the place of this one.`),
    );
    const running = new AbortController();
    this.#running = running;
    const abort = (): void =>
      running.abort(
        new ToolchainError("aborted", `The build of ${module.name}.ko was cancelled.`, {
          cause: signal?.reason,
        }),
      );
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await this.#buildWithHeaders(module, running.signal);
    } finally {
      signal?.removeEventListener("abort", abort);
      if (this.#running === running) this.#running = undefined;
    }
  }

  /** Fetches the compiler and the first headers, so that a build need not wait for them. */
  async prepare(): Promise<void> {
    const [first] = this.#parts.packs;
    const headers = first === undefined ? undefined : this.#fetchHeaders(first.name);
    await Promise.all([this.#fetchPrograms(), headers]);
  }

  /** Ends the thread, and the build that runs. */
  dispose(): void {
    const closed = new ToolchainError("aborted", "The compiler was closed.");
    this.#closed.abort(closed);
    this.#running?.abort(closed);
    this.#endThread();
  }

  async #buildWithHeaders(module: ModuleSources, signal: AbortSignal): Promise<FinishedBuild> {
    signal.throwIfAborted();
    await untilAborted(this.prepare(), signal);
    for (;;) {
      const build = await this.#buildOnce(module, signal);
      if (build.outcome !== "headers-wanted") return build;
      const fetched = build.packs.map((pack) => this.#fetchHeaders(pack));
      await untilAborted(Promise.all(fetched), signal);
    }
  }

  async #buildOnce(
    module: ModuleSources,
    signal: AbortSignal,
  ): Promise<ModuleBuild | Extract<FinishedBuild, { outcome: "timed-out" }>> {
    const thread = this.#openThread();
    const id = ++this.#lastId;
    const answer = new Promise<FromBuildThread>((resolve, reject) => {
      this.#waiting = { id, resolve, reject };
    });
    thread.send({ type: "build", id, module });
    let late = false;
    const prevent = this.#after(this.#timeLimitMs, () => {
      late = true;
      this.#endThread();
    });
    try {
      const message = await untilAborted(answer, signal, () => this.#endThread());
      if (message.type === "built") return message.build;
      if (message.type === "refused") throw new ToolchainError("bad-request", message.why);
      throw new ToolchainError("not-available", `The compiler failed: ${message.why}.`);
    } catch (error) {
      if (late) return { outcome: "timed-out", afterMs: this.#timeLimitMs };
      throw error;
    } finally {
      prevent();
      if (this.#waiting?.id === id) this.#waiting = undefined;
    }
  }

  /** The thread, with all that was fetched. */
  #openThread(): BuildThread {
    if (this.#thread !== undefined) return this.#thread;
    if (this.#programs === undefined) throw new Error("opened before the compiler was fetched");
    const thread = this.#start({
      onMessage: (message) => {
        if (message.id === this.#waiting?.id) this.#waiting.resolve(message);
      },
      onFailure: (why) => {
        if (this.#thread === thread) this.#endThread(why);
      },
    });
    this.#thread = thread;
    const { recipe, packs } = this.#parts;
    const memoryLimit = this.#memoryLimit;
    thread.send({ type: "open", ...this.#programs, recipe, packs, memoryLimit });
    for (const [pack, files] of this.#headers) thread.send({ type: "headers", pack, files });
    return thread;
  }

  #endThread(why = "it was ended"): void {
    this.#thread?.end();
    this.#thread = undefined;
    this.#waiting?.reject(new ToolchainError("not-available", `The compiler failed: ${why}.`));
  }

  /**
   * Fetches the compiler. A build that is cancelled leaves the download alone: the next build needs it,
   * too.
   */
  #fetchPrograms(): Promise<void> {
    return this.#once("programs", async (signal) => {
      const [kcc, modpost] = await Promise.all([
        this.#parts.kcc(signal),
        this.#parts.modpost(signal),
      ]);
      this.#programs = { kcc, modpost };
    });
  }

  #fetchHeaders(name: string): Promise<void> {
    return this.#once(`headers ${name}`, async (signal) => {
      const pack = this.#parts.packs.find((one) => one.name === name);
      if (pack === undefined) return;
      const files = await this.#parts.headers(pack, signal);
      this.#headers.set(name, files);
      this.#thread?.send({ type: "headers", pack: name, files });
    });
  }

  /** Does something once, however many ask for it; again when it failed. */
  #once(what: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const known = this.#fetches.get(what);
    if (known !== undefined) return known;
    const fetch = work(this.#closed.signal).catch((error: unknown) => {
      this.#fetches.delete(what);
      throw error;
    });
    this.#fetches.set(what, fetch);
    return fetch;
  }
}

/** Waits, but not longer than the signal allows. */
async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  onAbort: () => void = () => undefined,
): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal.reason);
      onAbort();
    };
  });
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (signal.aborted) abort();
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function hostTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
