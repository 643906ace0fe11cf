import { readFile } from "node:fs/promises";
import { InputError } from "./errors.js";

/** Reads a file that the user named. @throws InputError when it cannot be read. */
export async function readHostFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What to tell of a file that could not be read. */
export function unreadable(path: string, error: unknown): InputError {
  return new InputError(`${path} cannot be read: ${reasonOf(error)}.`, { cause: error });
}

/** Why a file could not be opened, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
      return "permission denied";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
