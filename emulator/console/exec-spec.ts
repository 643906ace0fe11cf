import { ByteWriter, concatBytes } from "./bytes.js";
import { ControlLineError } from "./errors.js";
import { ExecFlag } from "./protocol.js";

/** A string of the guest: bytes without a NUL. A JavaScript string is sent as UTF-8. */
export type GuestString = string | Uint8Array;

/** A program to run in the guest. */
export interface ExecSpec {
  /** The program and its arguments. Without a `/` it is searched for in the PATH of `env`. */
  readonly argv: readonly GuestString[];
  /** The whole environment, as `NAME=value`. Default: empty. */
  readonly env?: readonly GuestString[];
  /** Default: the agent's own, which is `/`. */
  readonly cwd?: GuestString;
  /** The user and group to run as. Without either: the agent's own, which is root. */
  readonly uid?: number;
  /** Its only group. Default: that of root, 0, if there is a `uid`. */
  readonly gid?: number;
  /** File mode bits that new files do not get. Default: the agent's own. */
  readonly umask?: number;
  /** Standard error goes where standard output goes, in the order it was written. */
  readonly mergeStderr?: boolean;
}

const NUL = Uint8Array.of(0);
const MOST_STRINGS = 0xffff;

/**
 * The request as the agent reads it.
 * @param stdinPipe whether the host has standard input to send; else it is /dev/null.
 * @throws ControlLineError `bad-request`
 */
export function encodeExecSpec(spec: ExecSpec, stdinPipe: boolean): Uint8Array {
  const env = spec.env ?? [];
  if (spec.argv.length === 0) throw badRequest("a command needs at least a program");
  if (spec.argv.length > MOST_STRINGS || env.length > MOST_STRINGS) {
    throw badRequest(`a command has at most ${MOST_STRINGS} arguments`);
  }
  let flags = 0;
  if (stdinPipe) flags |= ExecFlag.stdinPipe;
  if (spec.mergeStderr === true) flags |= ExecFlag.mergeStderr;
  if (spec.uid !== undefined || spec.gid !== undefined) flags |= ExecFlag.setUser;
  if (spec.umask !== undefined) flags |= ExecFlag.setUmask;

  const header = new ByteWriter(15)
    .u8(flags)
    .u16(spec.umask ?? 0)
    .u32(spec.uid ?? 0)
    .u32(spec.gid ?? 0)
    .u16(spec.argv.length)
    .u16(env.length)
    .done();
  const strings = [spec.cwd ?? "", ...spec.argv, ...env].flatMap((text) => [encode(text), NUL]);
  return concatBytes([header, ...strings]);
}

function encode(text: GuestString): Uint8Array {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  if (bytes.includes(0)) {
    throw badRequest("an argument, variable or folder of a command cannot hold a NUL");
  }
  return bytes;
}

function badRequest(message: string): ControlLineError {
  return new ControlLineError("bad-request", message);
}
