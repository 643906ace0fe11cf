import { writeFile } from "node:fs/promises";
import { InputError } from "../errors.js";
import { reasonOf } from "../host-files.js";

/**
 * Writes what was built.
 * @throws InputError when it cannot be written
 */
export async function writeBuilt(path: string, bytes: Uint8Array, mode?: number): Promise<void> {
  try {
    await writeFile(path, bytes, mode === undefined ? {} : { mode });
  } catch (cause) {
    throw new InputError(`${path} cannot be written: ${reasonOf(cause)}.`, { cause });
  }
}
