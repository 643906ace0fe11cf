import { ByteReader, ByteWriter } from "./bytes.js";
import { GuestMessageType, HostMessageType, MESSAGE_HEADER } from "./protocol.js";

/** A process that has ended, with what it used. */
export interface ExitMessage {
  readonly kind: "exit";
  readonly id: number;
  /** By a signal, or by itself. */
  readonly signaled: boolean;
  /** The signal's number, or the exit status. */
  readonly value: number;
  readonly coreDumped: boolean;
  readonly userUs: number;
  readonly systemUs: number;
  readonly maxRssKiB: number;
}

/** What becomes of a command. */
export type CommandMessage =
  | { readonly kind: "started"; readonly id: number; readonly pid: number }
  | {
      readonly kind: "exec-failed";
      readonly id: number;
      readonly errno: number;
      readonly step: number;
    }
  | { readonly kind: "stdout"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "stderr"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "stdin-credit"; readonly id: number; readonly bytes: number }
  | { readonly kind: "stdin-closed"; readonly id: number }
  | ExitMessage;

/** What becomes of a request of the guest. */
export type CallMessage =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly pid: number;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly kind: "call-data"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "call-end"; readonly id: number }
  | { readonly kind: "call-gone"; readonly id: number }
  | { readonly kind: "reply-credit"; readonly id: number; readonly bytes: number };

/** What the agent says, see PROTOCOL.md. */
export type GuestMessage =
  | CommandMessage
  | CallMessage
  | { readonly kind: "pong"; readonly id: number }
  | { readonly kind: "time-set"; readonly id: number; readonly errno: number };

/** undefined: a message of a later protocol, or one that says too little. */
export function parseGuestMessage(message: Uint8Array): GuestMessage | undefined {
  try {
    return parse(new ByteReader(message));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(reader: ByteReader): GuestMessage | undefined {
  const type = reader.u8();
  const id = reader.u32();
  switch (type) {
    case GuestMessageType.started:
      return { kind: "started", id, pid: reader.u32() };
    case GuestMessageType.execFailed:
      return { kind: "exec-failed", id, errno: reader.u16(), step: reader.u8() };
    case GuestMessageType.stdout:
      return { kind: "stdout", id, bytes: reader.rest() };
    case GuestMessageType.stderr:
      return { kind: "stderr", id, bytes: reader.rest() };
    case GuestMessageType.exit:
      return {
        kind: "exit",
        id,
        signaled: reader.u8() !== 0,
        value: reader.u8(),
        coreDumped: reader.u8() !== 0,
        userUs: reader.u64(),
        systemUs: reader.u64(),
        maxRssKiB: reader.u32(),
      };
    case GuestMessageType.stdinCredit:
      return { kind: "stdin-credit", id, bytes: reader.u32() };
    case GuestMessageType.stdinClosed:
      return { kind: "stdin-closed", id };
    case GuestMessageType.pong:
      return { kind: "pong", id };
    case GuestMessageType.timeSet:
      return { kind: "time-set", id, errno: reader.u16() };
    case GuestMessageType.call:
      return { kind: "call", id, pid: reader.u32(), uid: reader.u32(), gid: reader.u32() };
    case GuestMessageType.callData:
      return { kind: "call-data", id, bytes: reader.rest() };
    case GuestMessageType.callEnd:
      return { kind: "call-end", id };
    case GuestMessageType.callGone:
      return { kind: "call-gone", id };
    case GuestMessageType.replyCredit:
      return { kind: "reply-credit", id, bytes: reader.u32() };
    default:
      return undefined;
  }
}

function begin(type: number, id: number, payload: number): ByteWriter {
  return new ByteWriter(MESSAGE_HEADER + payload).u8(type).u32(id);
}

function withBytes(type: number, id: number, bytes: Uint8Array): Uint8Array {
  return begin(type, id, bytes.length).bytes(bytes).done();
}

/** A part of an EXEC request; the last one starts the command. */
export function execMessage(
  id: number,
  offset: number,
  bytes: Uint8Array,
  last: boolean,
): Uint8Array {
  const type = last ? HostMessageType.exec : HostMessageType.execPart;
  return begin(type, id, 4 + bytes.length)
    .u32(offset)
    .bytes(bytes)
    .done();
}

export function stdinMessage(id: number, bytes: Uint8Array): Uint8Array {
  return withBytes(HostMessageType.stdin, id, bytes);
}

export function stdinEofMessage(id: number): Uint8Array {
  return begin(HostMessageType.stdinEof, id, 0).done();
}

export function signalMessage(id: number, signal: number): Uint8Array {
  return begin(HostMessageType.signal, id, 1).u8(signal).done();
}

export function pingMessage(id: number): Uint8Array {
  return begin(HostMessageType.ping, id, 0).done();
}

export function setTimeMessage(id: number, seconds: number, nanoseconds: number): Uint8Array {
  return begin(HostMessageType.setTime, id, 12).i64(seconds).u32(nanoseconds).done();
}

export function replyMessage(id: number, bytes: Uint8Array): Uint8Array {
  return withBytes(HostMessageType.reply, id, bytes);
}

/** @param complaint for the caller's standard error. */
export function replyEndMessage(id: number, status: number, complaint: Uint8Array): Uint8Array {
  return begin(HostMessageType.replyEnd, id, 1 + complaint.length)
    .u8(status)
    .bytes(complaint)
    .done();
}
