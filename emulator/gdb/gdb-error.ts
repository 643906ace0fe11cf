/** What went wrong, by the number of errno.h that says it best; the protocol defines none. */
const NUMBERS = {
  "bad-request": 22, // EINVAL
  "bad-address": 14, // EFAULT
  "bad-register": 22,
  "bad-thread": 3, // ESRCH
  "no-breakpoint": 28, // ENOSPC
  failed: 1,
} as const;

export type GdbErrorCode = keyof typeof NUMBERS;

/** A request of the debugger that cannot be carried out. */
export class GdbError extends Error {
  override readonly name = "GdbError";
  readonly code: GdbErrorCode;

  constructor(code: GdbErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * An error in the protocol's own form (GDB manual, appendix E.1, "Standard Replies"): `E` and
 * two digits, or `E.` and a text for a debugger that has said that it takes it anywhere.
 */
export function errorReply(error: unknown, takesText: boolean): string {
  const code = error instanceof GdbError ? error.code : "failed";
  if (!takesText) return `E${String(NUMBERS[code]).padStart(2, "0")}`;
  const message = error instanceof Error ? error.message : String(error);
  // These are not taken out of escapes in an error, and a reply is one line of text.
  return `E.${message.replace(/[$#}*]/g, "?").replace(/[^\x20-\x7e]+/g, " ")}`;
}
