import { LabError } from "../lab/errors.js";
import type { LabFailure } from "./protocol.js";

export type BrowserErrorCode =
  /** A file did not come, or came broken twice. */
  | "download-failed"
  /** What came is not what the manifest says, also past the browser's cache. */
  | "image-corrupt"
  /** The browser lacks something that the lab cannot do without. */
  | "unsupported-browser"
  /** The lab's worker did not start, or ended. */
  | "worker-failed"
  /** The request makes no sense in the lab's state; the message says why. */
  | "refused";

/** An error that only a lab in a browser has. The message says what to do, to a person. */
export class BrowserError extends Error {
  override readonly name = "BrowserError";
  readonly code: BrowserErrorCode;

  constructor(code: BrowserErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What an error says, in a form that crosses to the page. */
export function labFailure(error: unknown): LabFailure {
  if (isLabFailure(error) && !(error instanceof Error)) return error;
  if (error instanceof BrowserError) return { code: error.code, message: error.message };
  if (error instanceof Error && "code" in error && error.code === "engine-failed-to-start") {
    const reason = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    const advice = "It takes some 200 MB of memory: close other tabs and programs, then try again.";
    return { code: error.code, message: `The emulator did not start${reason}. ${advice}` };
  }
  if (error instanceof LabError) {
    // What a lab says of a file that it could not read is advice for a command line.
    if (error.cause instanceof BrowserError) return labFailure(error.cause);
    return { code: error.code, message: error.message };
  }
  // Errors of the file tree and of the machine have a code and a message of that kind, too.
  if (error instanceof Error && isLabFailure(error)) {
    return { code: error.code, message: error.message };
  }
  return { code: "unexpected", message: error instanceof Error ? error.message : String(error) };
}

function isLabFailure(value: unknown): value is LabFailure {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}
