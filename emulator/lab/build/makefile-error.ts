import { ToolchainError } from "../../toolchain/index.js";

/** A Makefile says something about a build that is not understood here. */
export class MakefileError extends ToolchainError {
  readonly file: string;
  /** From 1; 0 for the file as a whole. */
  readonly line: number;

  constructor(file: string, line: number, what: string) {
    super("bad-request", `${file}${line > 0 ? `:${line}` : ""}: ${what}`);
    this.file = file;
    this.line = line;
  }
}
