import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const PROGRAMS = fileURLToPath(new URL("../system-tests/programs/", import.meta.url));

/** What each program is made of as well. */
const SHARED = ["common.inc", "link.ld"];

/** Names of the programs of `system-tests/programs/`, as the recording has them. */
export function programNames(): string[] {
  return readdirSync(PROGRAMS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".s"))
    .map((file) => file.slice(0, -".s".length))
    .sort();
}

/** A hash of what a program is made of: a recording of other sources is noticed. */
export function hashOfSources(name: string): string {
  const hash = createHash("sha256");
  for (const file of [`${name}.s`, ...SHARED]) hash.update(readFileSync(join(PROGRAMS, file)));
  return hash.digest("hex");
}
