import { compileXz } from "../toolchain/index.js";
import type { ChunkSink } from "./download.js";

/** What goes to the thread that compiles: the packed file in pieces, and how it ends. */
type ToCompiler = Uint8Array | "end" | "abort";

/** What comes back, once. */
type FromCompiler = { readonly program: WebAssembly.Module } | { readonly why: string };

/**
 * A WebAssembly program, packed by xz, that another thread unpacks and compiles while it is being
 * downloaded. Whoever takes the program has checked the file by then.
 */
export class PackedProgram implements ChunkSink {
  readonly #port: MessagePort;
  readonly #program: Promise<WebAssembly.Module>;
  #fail: (error: Error) => void = () => undefined;

  /** @param port the other end of that which {@link compileFromPort} has */
  constructor(port: MessagePort) {
    this.#port = port;
    this.#program = new Promise((resolve, reject) => {
      this.#fail = reject;
      port.onmessage = ({ data }: MessageEvent<FromCompiler>) => {
        port.close();
        if ("program" in data) resolve(data.program);
        else reject(new Error(data.why));
      };
    });
    // Of a file that breaks off or is damaged: it is not asked for then.
    this.#program.catch(() => undefined);
  }

  /** @throws (rejects) when it is no program, or there is no memory for it */
  get program(): Promise<WebAssembly.Module> {
    return this.#program;
  }

  write(chunk: Uint8Array): void {
    // A copy, to be handed over: whoever downloads keeps the chunk.
    const copy = chunk.slice();
    this.#port.postMessage(copy, [copy.buffer]);
  }

  end(): void {
    this.#port.postMessage("end");
  }

  abort(): void {
    this.fail(new Error("it was not downloaded"));
  }

  /** Nothing will become of it: the thread that compiles is no more, for example. */
  fail(error: Error): void {
    this.#port.postMessage("abort");
    this.#port.close();
    this.#fail(error);
  }
}

/**
 * The other end of a {@link PackedProgram}: what happens in the thread that compiles.
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
