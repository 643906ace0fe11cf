import xz from "xz-decompress";

/**
 * Unpacks a WebAssembly program (xz, https://tukaani.org/xz/xz-file-format.txt) and compiles it while it
 * comes.
 * @throws (rejects) when the stream breaks or is damaged, or is no program
 */
export function compileXz(packed: ReadableStream<Uint8Array>): Promise<WebAssembly.Module> {
  const unpacked = new xz.XzReadableStream(packed);
  const headers = { "content-type": "application/wasm" };
  return WebAssembly.compileStreaming(new Response(unpacked, { headers }));
}
