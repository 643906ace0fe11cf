export type FileProblemCode =
  /** A name that is none, or one that would be trouble. */
  | "bad-name"
  /** Something has that name. */
  | "taken"
  /** The editor holds a text that could not be written. */
  | "unsaved";

/** What a person wants of a file and cannot have; the message says why. */
export class FileProblem extends Error {
  override readonly name = "FileProblem";
  readonly code: FileProblemCode;

  constructor(code: FileProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}
