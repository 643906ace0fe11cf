import { compileXz } from "../toolchain/xz-wasm.js";
import type { FromCompiler, ToCompiler } from "./packed-program.js";

/**
 * The other end of a `PackedProgram`: what happens in the thread that compiles.
 *
 * Compiled code cannot be kept for the next visit. Browsers keep it for what compileStreaming() got
 * from the network as it is, and for no response that a script has made (Chromium: blink's
 * CachedMetadataSender), such as an unpacked one; and no browser stores a WebAssembly.Module any
 * more. The file unpacked, and kept by the service worker, would take five times the room.
 */
export async function compileFromPort(port: MessagePort): Promise<void> {
  const packed = new ReadableStream<Uint8Array>({
    start(controller) {
      port.onmessage = ({ data }: MessageEvent<ToCompiler>) => {
        if (data === "end") controller.close();
        else if (data === "abort") controller.error(new Error("it was not downloaded"));
        else controller.enqueue(data);
      };
    },
  });
  const post = (message: FromCompiler): void => port.postMessage(message);
  try {
    post({ program: await compileXz(packed) });
  } catch (error) {
    post({ why: error instanceof Error ? error.message : String(error) });
  }
}
