import type { Readable } from "node:stream";
import type { Lab } from "../lab/index.js";
import type { BootOptions } from "../node/index.js";
import type { TextSink } from "./streams.js";

/** What a command needs of the process that it runs in. */
export interface CliContext {
  readonly stdin: Readable;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  readonly bootLab: (options: BootOptions) => Promise<Lab>;
}
