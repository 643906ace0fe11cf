export type GsymErrorCode = "not-gsym" | "unsupported-gsym" | "corrupt-gsym";

/** A GSYM file that cannot be read, or that cannot be written. */
export class GsymError extends Error {
  override readonly name = "GsymError";
  readonly code: GsymErrorCode;

  constructor(code: GsymErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes the error for a damaged file, from what is wrong with it. */
export function corruptGsym(message: string): GsymError {
  return new GsymError(
    "corrupt-gsym",
    `The GSYM file is damaged: ${message}. Build or download it again.`,
  );
}
