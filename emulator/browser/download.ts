import { BrowserError } from "./failure.js";
import { joinedBytes } from "./joined-bytes.js";

export interface DownloadOptions {
  /** What to call the file in messages. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** How the browser's own cache is used. */
  readonly cache?: RequestCache | undefined;
  /**
   * Bytes that have come so far. They begin anew when a broken download cannot go on where it
   * broke.
   */
  readonly onBytes?: ((loaded: number) => void) | undefined;
}

/** The server answered, but not with the file: to ask at once again does not help. */
export class RefusedError extends BrowserError {
  readonly status: number;

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
    this.status = status;
  }
}

/** Tries something once more when the connection broke. */
export async function withRetry<T>(options: DownloadOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throwIfFinal(error, options);
  }
  try {
    options.onBytes?.(0);
    return await work();
  } catch (cause) {
    throwIfFinal(cause, options);
    throw connectionBroke(options, 2, cause);
  }
}

/** Throws what another try would not change. */
export function throwIfFinal(error: unknown, { signal }: DownloadOptions): void {
  signal?.throwIfAborted();
  if (error instanceof BrowserError) throw error;
}

export function connectionBroke(
  { name }: DownloadOptions,
  times: number,
  cause: unknown,
): BrowserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BrowserError(
    "download-failed",
    `${name} could not be downloaded: the connection broke ` +
      `${times === 2 ? "twice" : `${times} times`} (${reason}). ` +
      "Check that you are online, then try again.",
    { cause },
  );
}

/**
 * @param headers to be sent along
 * @throws BrowserError (rejects) unless the server has the file
 */
export async function request(
  url: string,
  options: DownloadOptions,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { signal, cache } = options;
  const response = await fetch(url, {
    headers,
    ...(signal !== undefined && { signal }),
    ...(cache !== undefined && { cache }),
  });
  if (!response.ok) throw new RefusedError(options.name, response);
  return response;
}

/** Hands on what a response has, piece by piece. */
export async function readChunks(
  response: Response,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) return;
    onChunk(value);
  }
}

/** Reads a response to its end. */
export async function readBody(
  response: Response,
  onBytes?: DownloadOptions["onBytes"],
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  await readChunks(response, (chunk) => {
    chunks.push(chunk);
    loaded += chunk.length;
    onBytes?.(loaded);
  });
  return joinedBytes(chunks);
}
