import type { ChunkSink } from "./resumed-download.js";

/** What goes to the thread that compiles, see compile-from-port.ts: the packed file in pieces, and how it ends. */
export type ToCompiler = Uint8Array | "end" | "abort";

/** What comes back, once. */
export type FromCompiler = { readonly program: WebAssembly.Module } | { readonly why: string };

/**
 * A WebAssembly program, packed by xz, that another thread unpacks and compiles while it is being
 * downloaded. Whoever takes the program has checked the file by then.
 *
 * It is part of what a start loads: of the toolchain, nothing may be imported here.
 */
export class PackedProgram implements ChunkSink {
  readonly #port: MessagePort;
  readonly #program: Promise<WebAssembly.Module>;
  #fail: (error: Error) => void = () => undefined;

  /** @param port the other end of that which `compileFromPort` has */
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
