import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";

const ARCHIVE = fileURLToPath(new URL("../../../../images/x64/programs.tar.gz", import.meta.url));

export type ProgramName = "busybox" | "long-double" | "loops" | "signals";

/** The files of the programs that the tests run: what they are is told in `kernel-src/x64`. */
export function readPrograms(): ReadonlyMap<string, Uint8Array> {
  const files = parseTar(gunzipSync(readFileSync(ARCHIVE)));
  return new Map(files.map(({ name, data }) => [name, data ?? new Uint8Array()]));
}

/** @throws Error when the archive does not have it: `npm run images` makes it */
export function readProgram(name: ProgramName): Uint8Array {
  const program = readPrograms().get(name);
  if (program === undefined) throw new Error(`${ARCHIVE} has no ${name}: npm run images`);
  return program;
}
