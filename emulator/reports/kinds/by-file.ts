import { debugObjects } from "./debug-objects.js";
import type { Family } from "./family.js";
import { listCorruption } from "./list-corruption.js";
import { lockdep } from "./lockdep.js";
import { refcount } from "./refcount.js";
import { usercopy } from "./usercopy.js";

/** Files whose BUG() and WARN() belong to one family, also when its own line is missing. */
const BY_FILE: Readonly<Record<string, Family>> = {
  "lib/refcount.c": refcount,
  "lib/list_debug.c": listCorruption,
  "lib/debugobjects.c": debugObjects,
  "mm/usercopy.c": usercopy,
  "kernel/locking/lockdep.c": lockdep,
};

/** Whether the family's telling line is always followed by a BUG() or WARN() of its own file. */
export function isCarried(family: Family): boolean {
  return Object.values(BY_FILE).includes(family) && family !== lockdep;
}

/** The family that a BUG() or WARN() in a file belongs to, if any. */
export function familyOfFile(file: string | undefined): Family | undefined {
  // Kernels that are built outside of their tree print the path of the build.
  const path = file?.replace(/^.*?(?=(?:lib|mm|kernel)\/[\w/]+\.c$)/, "");
  return path === undefined ? undefined : BY_FILE[path];
}
