import type { TextSink } from "../streams.js";

/** Keeps what is written to it; a pipe, unless `terminal` makes it a screen. */
export class TextRecorder implements TextSink {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly #chunks: Uint8Array[] = [];

  constructor(terminal?: { readonly columns: number }) {
    this.isTTY = terminal !== undefined;
    this.columns = terminal?.columns ?? 80;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }

  write(chunk: string | Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk));
  }
}
