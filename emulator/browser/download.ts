import { BrowserError } from "./failure.js";
import { joinedBytes } from "./joined-bytes.js";

/** Takes a file in the pieces in which it comes. */
export interface ChunkSink {
  write(chunk: Uint8Array): void;
  /** It is complete. */
  end(): void;
  /** It broke off. */
  abort(): void;
}

export interface DownloadOptions {
  /** What to call the file in messages. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** How the browser's own cache is used. */
  readonly cache?: RequestCache | undefined;
  /** Bytes that have come so far. They begin anew when a broken download is tried again. */
  readonly onBytes?: ((loaded: number) => void) | undefined;
  /** Made anew for each try. */
  readonly sink?: (() => ChunkSink) | undefined;
}

/** The server answered, but not with the file: to ask at once again does not help. */
class RefusedError extends BrowserError {
  constructor(name: string, { status, statusText }: Response) {
    const advice =
      status === 404
        ? "The server does not have it: the page was not published in full."
        : "Try again in a while.";
    super(
      "download-failed",
      `${name} could not be downloaded: the server answered ${`${status} ${statusText}`.trim()}. ` +
        advice,
    );
  }
}

/**
 * Downloads a file. A connection that breaks is tried once more.
 * @throws BrowserError (rejects) `download-failed`; the signal's reason when it was aborted
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array> {
  return withRetry(options, async () => {
    const response = await request(url, options);
    return readBody(response, options.onBytes, options.sink?.());
  });
}

/** Tries something once more when the connection broke. */
export async function withRetry<T>(options: DownloadOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof BrowserError) throw error;
  }
  try {
    options.onBytes?.(0);
    return await work();
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof BrowserError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrowserError(
      "download-failed",
      `${options.name} could not be downloaded: the connection broke twice (${reason}). ` +
        "Check that you are online, then try again.",
      { cause },
    );
  }
}

/** @throws BrowserError (rejects) unless the server has the file */
export async function request(url: string, options: DownloadOptions): Promise<Response> {
  const { signal, cache } = options;
  const response = await fetch(url, {
    ...(signal !== undefined && { signal }),
    ...(cache !== undefined && { cache }),
  });
  if (!response.ok) throw new RefusedError(options.name, response);
  return response;
}

/** Reads a response to its end. */
export async function readBody(
  response: Response,
  onBytes?: DownloadOptions["onBytes"],
  sink?: ChunkSink,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  try {
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      chunks.push(value);
      loaded += value.length;
      sink?.write(value);
      onBytes?.(loaded);
    }
  } catch (error) {
    sink?.abort();
    throw error;
  }
  sink?.end();
  return joinedBytes(chunks);
}
