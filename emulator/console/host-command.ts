import { ByteWriter } from "./bytes.js";
import type { GuestRequest, RequestHandler } from "./guest-call.js";

/** A command of the guest that the host carries out, as it was called: see PROTOCOL.md. */
export interface HostCommand {
  /** The name that it was called by. */
  readonly name: string;
  readonly args: readonly string[];
  /** The folder that it was called in, an absolute path of the guest. */
  readonly folder: string;
  /** What its output goes to. */
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Whether the terminal shows colours, and is wanted to. */
  readonly colours: boolean;
  readonly caller: GuestRequest["caller"];
  /** Fires when it was interrupted, or the guest was put back to a checkpoint. */
  readonly signal: AbortSignal;
  /** Writes to its standard output at once. */
  stdout(text: string | Uint8Array): void;
  /** Writes to its standard error at once. */
  stderr(text: string | Uint8Array): void;
}

/** A piece of the reply: kernel-src/agent/host-command.c. */
const STDOUT = 1;
const STDERR = 2;
const PIECE_HEADER = 5;
const STATUS_USAGE = 2;

/**
 * Answers the requests of a command of the guest.
 * @param run does what the command is for, and says its exit status; a rejection becomes status 1,
 * with its message on standard error
 */
export function hostCommand(
  run: (command: HostCommand) => number | Promise<number>,
): RequestHandler {
  return async (request) => {
    const { name, caller, signal } = request;
    const [folder, terminals, ...args] = request.args;
    if (folder === undefined || terminals === undefined) {
      return { status: STATUS_USAGE, complaint: `${name} is a command of its own: run that` };
    }
    const status = await run({
      name,
      args,
      folder,
      stdoutIsTerminal: terminals.includes("o"),
      stderrIsTerminal: terminals.includes("e"),
      colours: terminals.includes("c"),
      caller,
      signal,
      stdout: (text) => request.write(piece(STDOUT, text)),
      stderr: (text) => request.write(piece(STDERR, text)),
    });
    return { status };
  };
}

function piece(stream: number, text: string | Uint8Array): Uint8Array {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return new ByteWriter(PIECE_HEADER + bytes.length)
    .u8(stream)
    .u32(bytes.length)
    .bytes(bytes)
    .done();
}
