/**
 * The numbers of the control line's protocol. PROTOCOL.md beside this file says what they
 * mean; kernel-src/agent/protocol.h has the same ones for the guest.
 */

export const PROTOCOL_VERSION = 1;

/** Bytes of a message: its type, its id, and at most this much behind them. */
export const MESSAGE_HEADER = 5;
export const TO_GUEST_PAYLOAD_MAX = 1024;
export const TO_HOST_PAYLOAD_MAX = 4096;

/** What a receiver of stream bytes in the guest can hold before it has given credit. */
export const INITIAL_CREDIT = 16384;
/** Most bytes of all EXEC parts of one command: execve's own limit of one string. */
export const EXEC_SPEC_MAX = 131072;

/** Bytes of a DATA frame before its message: kind, sequence, acknowledgement. */
export const DATA_HEADER = 5;

/** Frames of the guest have the top bit, so that an echo is no frame. */
export const FROM_GUEST = 0x80;

export const FrameKind = {
  hello: 0x01,
  data: 0x02,
  ack: 0x03,
  nak: 0x04,
  poll: 0x05,
  ready: 0x06,
} as const;

export const HostMessageType = {
  execPart: 0x01,
  exec: 0x02,
  stdin: 0x03,
  stdinEof: 0x04,
  signal: 0x05,
  ping: 0x06,
  setTime: 0x07,
  reply: 0x08,
  replyEnd: 0x09,
} as const;

export const GuestMessageType = {
  started: 0x41,
  execFailed: 0x42,
  stdout: 0x43,
  stderr: 0x44,
  exit: 0x45,
  stdinCredit: 0x46,
  stdinClosed: 0x47,
  pong: 0x48,
  timeSet: 0x49,
  call: 0x4a,
  callData: 0x4b,
  callEnd: 0x4c,
  callGone: 0x4d,
  replyCredit: 0x4e,
} as const;

export const ExecFlag = {
  stdinPipe: 1,
  mergeStderr: 2,
  setUser: 4,
  setUmask: 8,
} as const;

/** What was being done when a command failed to start, by its number on the wire. */
export const EXEC_STEPS = {
  1: "request",
  2: "limit",
  3: "pipe",
  4: "fork",
  5: "session",
  6: "stdio",
  7: "user",
  8: "chdir",
  9: "execve",
} as const;

export type ExecStep = (typeof EXEC_STEPS)[keyof typeof EXEC_STEPS];
