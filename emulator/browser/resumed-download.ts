import {
  connectionBroke,
  type DownloadOptions,
  RefusedError,
  readChunks,
  request,
  throwIfFinal,
} from "./download.js";
import { joinedBytes } from "./joined-bytes.js";

/** A try that got so much further was worth it, so another one may be, too. */
const STEP_BYTES = 64 * 1024;

/**
 * A connection over which nothing comes for so long is taken for a broken one. When a network goes,
 * not every browser and system says so.
 */
const SILENCE_MS = 30_000;

const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

/** Takes a file in the pieces in which it comes. */
export interface ChunkSink {
  write(chunk: Uint8Array): void;
  /** It is complete. */
  end(): void;
  /** It broke off. */
  abort(): void;
}

/** Signal and `onBytes` are of each run. */
export interface ResumedDownloadOptions extends Pick<DownloadOptions, "name" | "cache"> {
  /** Who takes the file while it comes; made anew for each beginning. */
  readonly sink?: (() => ChunkSink) | undefined;
}

/**
 * The download of a file that goes on where its connection broke, if the server can send a part of
 * a file (RFC 9110, 14), and from the file's beginning otherwise. Whether the parts are of one file
 * is not asked here: whoever wants the file checks its hash.
 */
export class ResumedDownload {
  readonly #url: string;
  readonly #options: ResumedDownloadOptions;
  #chunks: Uint8Array[] = [];
  #loaded = 0;
  #sink: ChunkSink | undefined;
  /** What has come is the beginning of the file as it lies on the server. */
  #canResume = false;

  constructor(url: string, options: ResumedDownloadOptions) {
    this.#url = url;
    this.#options = options;
  }

  /**
   * Downloads the file, or what is missing of it. Connections that break are tried again as long as
   * they bring something, and at least once.
   * @throws BrowserError (rejects) `download-failed`; the signal's reason when it was aborted. Another
   *   run goes on from what has come.
   */
  async run(run: Pick<DownloadOptions, "signal" | "onBytes"> = {}): Promise<Uint8Array> {
    const options = { ...this.#options, ...run };
    let furthest = this.#loaded;
    for (let times = 1; ; times++) {
      try {
        await this.#try(options);
        this.#sink?.end();
        return joinedBytes(this.#chunks);
      } catch (error) {
        throwIfFinal(error, options);
        const isWorthIt = this.#loaded >= furthest + STEP_BYTES;
        if (times > 1 && !isWorthIt) throw connectionBroke(options, times, error);
        furthest = Math.max(furthest, this.#loaded);
      }
    }
  }

  async #try(options: DownloadOptions): Promise<void> {
    const silence = new SilenceTimer();
    const signals = options.signal ? [options.signal, silence.signal] : [silence.signal];
    try {
      const response = await this.#ask({ ...options, signal: AbortSignal.any(signals) });
      await readChunks(response, (chunk) => {
        silence.reset();
        this.#chunks.push(chunk);
        this.#loaded += chunk.length;
        this.#sink?.write(chunk);
        options.onBytes?.(this.#loaded);
      });
    } finally {
      silence.stop();
    }
  }

  /** A response with what comes next: after what is here, or all of it. */
  async #ask(options: DownloadOptions): Promise<Response> {
    if (this.#canResume && this.#loaded > 0) {
      const rest = await this.#askFrom(this.#loaded, options);
      if (rest?.status === PARTIAL_CONTENT && startOf(rest) === this.#loaded) return rest;
      this.#restart(options);
      if (rest !== undefined && rest.status !== PARTIAL_CONTENT) return this.#begin(rest);
      await rest?.body?.cancel();
    } else {
      this.#restart(options);
    }
    return this.#begin(await request(this.#url, options));
  }

  /** Undefined when the server has another, shorter file by now. */
  async #askFrom(start: number, options: DownloadOptions): Promise<Response | undefined> {
    try {
      return await request(this.#url, options, { range: `bytes=${start}-` });
    } catch (error) {
      if (error instanceof RefusedError && error.status === RANGE_NOT_SATISFIABLE) return undefined;
      throw error;
    }
  }

  #begin(response: Response): Response {
    // Parts are counted in bytes of what is sent, and what comes here is unpacked.
    const encoding = response.headers.get("content-encoding") ?? "identity";
    this.#canResume = encoding === "identity";
    return response;
  }

  #restart(options: DownloadOptions): void {
    if (this.#loaded > 0) options.onBytes?.(0);
    this.#sink?.abort();
    this.#sink = this.#options.sink?.();
    this.#chunks = [];
    this.#loaded = 0;
  }
}

/** Aborts when it was not reset for long. */
class SilenceTimer {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.reset();
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#controller.abort(new TypeError(`nothing came for ${SILENCE_MS / 1000} seconds`));
    }, SILENCE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** Where a part begins: `bytes 1000-1999/2000` (RFC 9110, 14.4). */
function startOf(response: Response): number | undefined {
  const [, start] = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "") ?? [];
  return start === undefined ? undefined : Number(start);
}
