import { createReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import { unreadable } from "../host-files.js";

/** The name by which the standard input is asked for. */
export const STANDARD_INPUT = "-";

const CHUNK_BYTES = 1024 * 1024;

/**
 * The text of a log as it comes, from a file or the standard input. What is no UTF-8 becomes
 * U+FFFD: a serial line has noise.
 * @throws InputError when the file cannot be read, and the signal's reason.
 */
export async function* readLog(
  name: string,
  stdin: Readable,
  signal: AbortSignal,
): AsyncIterable<string> {
  const source =
    name === STANDARD_INPUT ? stdin : createReadStream(name, { highWaterMark: CHUNK_BYTES });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of addAbortSignal(signal, source)) {
      yield decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(name, error);
  }
  yield decoder.decode();
}
