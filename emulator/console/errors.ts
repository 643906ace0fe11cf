export type ControlLineErrorCode =
  /** `connect` has not been called, or has not finished. */
  | "not-connected"
  /** The guest has not answered in time, however often it was asked. */
  | "control-line-lost"
  /** The agent in the guest was started anew; what it was doing is lost. */
  | "agent-restarted"
  /** The agent speaks another version of the protocol: image and host do not fit. */
  | "protocol-version"
  /** The line was reset, for a restore of the guest for example. */
  | "reset"
  /** The line was closed for good. */
  | "closed"
  /** The caller's AbortSignal fired. */
  | "aborted"
  /** A request that cannot be put on the line, a string with a NUL for example. */
  | "bad-request"
  /** The guest refused a request; the message has its errno. */
  | "refused";

/** What goes wrong on the control line. The message says what to do. */
export class ControlLineError extends Error {
  override readonly name = "ControlLineError";
  readonly code: ControlLineErrorCode;

  constructor(code: ControlLineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error of an operation whose AbortSignal fired. */
export function abortedError(what: string, signal: AbortSignal): ControlLineError {
  return new ControlLineError("aborted", `${what} was aborted`, { cause: signal.reason });
}
