import { type DownloadOptions, readBody, request, withRetry } from "./download.js";

export interface WasmDownloadOptions extends DownloadOptions {
  /** The size that the server announces; undefined when it packs the file on the way. */
  readonly onSize?: (bytes: number | undefined) => void;
}

/**
 * Downloads WebAssembly and compiles it while it comes.
 * @throws BrowserError (rejects) `download-failed`; CompileError for what is no WebAssembly
 */
export function downloadWasm(
  url: string,
  options: WasmDownloadOptions,
): Promise<WebAssembly.Module> {
  return withRetry(options, async () => {
    const response = await request(url, options);
    options.onSize?.(announcedSize(response));
    // Compiled from the browser's own response, for which browsers cache the compiled code;
    // its bytes are counted in a second one.
    const counted = response.clone();
    const [compiled, bytes] = await Promise.allSettled([
      compileStreaming(response),
      readBody(counted, options.onBytes),
    ]);
    if (bytes.status === "rejected") throw bytes.reason;
    if (compiled.status === "fulfilled") return compiled.value;
    // compileStreaming() takes application/wasm only, which not every server sends.
    return WebAssembly.compile(bytes.value as BufferSource);
  });
}

async function compileStreaming(response: Response): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(response);
}

function announcedSize({ headers }: Response): number | undefined {
  // With an encoding it is the length of what is sent (RFC 9110, 8.6), and more than that comes.
  if (headers.has("content-encoding")) return undefined;
  const length = Number(headers.get("content-length"));
  return Number.isSafeInteger(length) && length > 0 ? length : undefined;
}
