import { LabError, type LabErrorCode, ToolchainError } from "../lab/index.js";
import { EXIT_FAILED, EXIT_USAGE } from "./exit-status.js";

/** The command line, or a file that it names, cannot be used. The message says what to do. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** Errors of the lab that what the user gave has caused. */
const INPUT_CODES: readonly LabErrorCode[] = ["bad-module", "bad-program", "guest-file"];

export function exitStatusOf(error: unknown): number {
  if (error instanceof InputError) return EXIT_USAGE;
  if (error instanceof LabError && INPUT_CODES.includes(error.code)) return EXIT_USAGE;
  if (error instanceof ToolchainError && error.code === "bad-request") return EXIT_USAGE;
  return EXIT_FAILED;
}

/** What to tell of an error: a message for those that were foreseen, more for the others. */
export function describeError(error: unknown, debug: boolean): string {
  const foreseen = [InputError, LabError, ToolchainError].some((kind) => error instanceof kind);
  if (debug && error instanceof Error) return error.stack ?? error.message;
  const message = error instanceof Error ? error.message : String(error);
  return foreseen
    ? message
    : `unexpected error: ${message}\nSet KSPACE_DEBUG=1 to see where it comes from.`;
}
