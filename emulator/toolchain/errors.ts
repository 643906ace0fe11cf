export type ToolchainErrorCode =
  /** The recorded recipe or the list of headers is not of the form that this version reads. */
  | "bad-recipe"
  /** What is to be built cannot be built: no source, two with the same name, a name that is none. */
  | "bad-request"
  /** A newer build of the same builder has taken this one's place. */
  | "superseded"
  /** The caller's AbortSignal fired. */
  | "aborted"
  /** The compiler itself could not be started. */
  | "not-available";

/** What goes wrong around the compiler; what is wrong with a source is a result, and no error. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
  readonly code: ToolchainErrorCode;

  constructor(code: ToolchainErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
