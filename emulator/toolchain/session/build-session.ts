import { ToolchainError } from "../errors.js";
import type { FilePack } from "../file-packs.js";
import {
  checkModuleSources,
  type ModuleBuild,
  type ModuleSources,
} from "../kbuild/module-builder.js";
import { DEFAULT_MEMORY_LIMIT } from "../kcc.js";
import type { ProgramBuild, ProgramSources } from "../program-builder.js";
import type {
  BuildAnswer,
  BuildPrograms,
  BuildRecipes,
  BuildRequest,
  BuildThread,
  FromBuildThread,
  StartBuildThread,
} from "./protocol.js";

/** What a session builds with. What is large is asked for when it is first needed, and kept. */
export interface BuildParts {
  readonly recipes: BuildRecipes;
  /** The compiler is 50 MB large. */
  programs(signal: AbortSignal): Promise<BuildPrograms>;
  /** The files of a pack, by their paths. */
  files(pack: FilePack, signal: AbortSignal): Promise<ReadonlyMap<string, Uint8Array>>;
}

export interface BuildSessionOptions {
  /** How long a build may take, milliseconds, without what is fetched for it. */
  readonly timeLimitMs?: number;
  /** For each program that is run, bytes. */
  readonly memoryLimit?: number;
  /** Calls back once after so many milliseconds, and gives a function that prevents it. */
  readonly after?: (ms: number, callback: () => void) => () => void;
}

type TimedOut = { readonly outcome: "timed-out"; readonly afterMs: number };
type Finished<T> = Exclude<T, { outcome: "files-wanted" }> | TimedOut;

/** How the build of a module ended. */
export type FinishedModule = Finished<ModuleBuild>;
/** How the build of a program ended. */
export type FinishedProgram = Finished<ProgramBuild>;

/** A hundred times what a module takes; a source that takes longer is taken for an endless one. */
const DEFAULT_TIME_LIMIT_MS = 60_000;

/**
 * Builds for one image in a thread of its own, one thing at a time: a newer build takes the place
 * of the one that runs. The thread is ended when a build is cancelled or takes too long, and another
 * is started for the next one.
 */
export class BuildSession {
  readonly #parts: BuildParts;
  readonly #start: StartBuildThread;
  readonly #timeLimitMs: number;
  readonly #memoryLimit: number;
  readonly #after: (ms: number, callback: () => void) => () => void;
  readonly #files = new Map<string, ReadonlyMap<string, Uint8Array>>();
  /** What is being fetched, or was. */
  readonly #fetches = new Map<string, Promise<void>>();
  readonly #closed = new AbortController();
  #programs: BuildPrograms | undefined;
  #thread: BuildThread | undefined;
  #running: AbortController | undefined;
  #waiting: Waiting | undefined;
  #lastId = 0;

  constructor(parts: BuildParts, start: StartBuildThread, options: BuildSessionOptions = {}) {
    this.#parts = parts;
    this.#start = start;
    this.#timeLimitMs = options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
    this.#memoryLimit = options.memoryLimit ?? DEFAULT_MEMORY_LIMIT;
    this.#after = options.after ?? hostTimer;
  }

  /**
   * Builds a kernel module. What is missing is fetched first: the compiler, and headers.
   * @throws ToolchainError (rejects) `bad-request`, `superseded`, `aborted`, `not-available`; what
   *   `BuildParts` throws when something cannot be fetched
   */
  async buildModule(sources: ModuleSources, signal?: AbortSignal): Promise<FinishedModule> {
    checkModuleSources(sources);
    const build = await this.#build({ kind: "module", sources }, signal);
    if (build.outcome !== "built" || "module" in build) return build;
    throw new ToolchainError("not-available", "The compiler failed: it built something else.");
  }

  /**
   * Builds a program for the guest, like `buildModule`.
   * @throws ToolchainError (rejects) as there
   */
  async buildProgram(sources: ProgramSources, signal?: AbortSignal): Promise<FinishedProgram> {
    const build = await this.#build({ kind: "program", sources }, signal);
    if (build.outcome !== "built" || "program" in build) return build;
    throw new ToolchainError("not-available", "The compiler failed: it built something else.");
  }

  /** Fetches the compiler and the first files, so that a build need not wait for them. */
  async prepare(kind: BuildRequest["kind"]): Promise<void> {
    const { headers, library } = this.#parts.recipes;
    const [first] = kind === "module" ? headers : library;
    const files = first === undefined ? undefined : this.#fetchFiles(first.name);
    await Promise.all([this.#fetchPrograms(), files]);
  }

  /** Ends the thread, and the build that runs. */
  dispose(): void {
    const closed = new ToolchainError("aborted", "The compiler was closed.");
    this.#closed.abort(closed);
    this.#running?.abort(closed);
    this.#endThread();
  }

  async #build(request: BuildRequest, signal?: AbortSignal): Promise<Finished<BuildAnswer>> {
    this.#running?.abort(new ToolchainError("superseded", "A newer build took this one's place."));
    const running = new AbortController();
    this.#running = running;
    const abort = (): void => {
      const cause: unknown = signal?.reason;
      running.abort(new ToolchainError("aborted", "The build was cancelled.", { cause }));
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    try {
      running.signal.throwIfAborted();
      await untilAborted(this.prepare(request.kind), running.signal);
      return await this.#buildWithFiles(request, running.signal);
    } finally {
      signal?.removeEventListener("abort", abort);
      if (this.#running === running) this.#running = undefined;
    }
  }

  async #buildWithFiles(
    request: BuildRequest,
    signal: AbortSignal,
  ): Promise<Finished<BuildAnswer>> {
    for (;;) {
      const build = await this.#buildOnce(request, signal);
      if (build.outcome !== "files-wanted") return build;
      const fetched = build.packs.map((pack) => this.#fetchFiles(pack));
      await untilAborted(Promise.all(fetched), signal);
    }
  }

  async #buildOnce(request: BuildRequest, signal: AbortSignal): Promise<BuildAnswer | TimedOut> {
    const thread = this.#openThread();
    const id = ++this.#lastId;
    const answer = new Promise<FromBuildThread>((resolve, reject) => {
      this.#waiting = { id, resolve, reject };
    });
    thread.send({ type: "build", id, request });
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
    const { recipes } = this.#parts;
    const memoryLimit = this.#memoryLimit;
    thread.send({ type: "open", programs: this.#programs, recipes, memoryLimit });
    for (const [pack, files] of this.#files) thread.send({ type: "files", pack, files });
    return thread;
  }

  #endThread(why = "it was ended"): void {
    this.#thread?.end();
    this.#thread = undefined;
    this.#waiting?.reject(new ToolchainError("not-available", `The compiler failed: ${why}.`));
  }

  #fetchPrograms(): Promise<void> {
    return this.#once("programs", async (signal) => {
      this.#programs = await this.#parts.programs(signal);
    });
  }

  #fetchFiles(name: string): Promise<void> {
    return this.#once(`files ${name}`, async (signal) => {
      const { headers, library } = this.#parts.recipes;
      const pack = [...headers, ...library].find((one) => one.name === name);
      if (pack === undefined) return;
      const files = await this.#parts.files(pack, signal);
      this.#files.set(name, files);
      this.#thread?.send({ type: "files", pack: name, files });
    });
  }

  /**
   * Fetches something once, however many ask for it; again when it failed. A build that is cancelled
   * leaves the download alone: the next build needs it, too.
   */
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

/** The build whose answer has yet to come. */
interface Waiting {
  readonly id: number;
  readonly resolve: (message: FromBuildThread) => void;
  readonly reject: (error: Error) => void;
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
