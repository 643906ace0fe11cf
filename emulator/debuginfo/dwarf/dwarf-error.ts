/**
 * - `no-debug-info`: the file has none.
 * - `corrupt-dwarf`: it has some that contradicts the standard.
 * - `unsupported-dwarf`: it has some that the standard allows, but this reader does not know.
 * - `supplementary-file`: a part of it lies in another file.
 * - `limit-exceeded`: reading it would take more work or memory than such a file deserves.
 */
export type DwarfErrorCode =
  | "no-debug-info"
  | "corrupt-dwarf"
  | "unsupported-dwarf"
  | "supplementary-file"
  | "limit-exceeded";

/** Debug information that cannot be read. */
export class DwarfError extends Error {
  override readonly name = "DwarfError";
  readonly code: DwarfErrorCode;

  constructor(code: DwarfErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a reader of a section throws when the section is cut off or contradicts itself. */
export function corruptSection(section: string): (message: string) => DwarfError {
  return (message) =>
    new DwarfError("corrupt-dwarf", `The debug information in ${section} is damaged: ${message}.`);
}
