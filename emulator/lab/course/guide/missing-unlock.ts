import { MADE, problem, type SourceEdit, WHOLE } from "./source-edit.js";

const LOCK = /\bspin_lock(?:_\w+)?\s*\(/;
const UNLOCK = /\bspin_unlock(?:_\w+)?\s*\(/;

/** Section 3: `hello_write()` does not give its lock back. */
export const missingUnlock: SourceEdit = {
  patch: "missing-unlock.patch",
  functions: ["hello_write", "hello_read"],
  places: [UNLOCK, /\breturn\b/],
  says: {
    whole: "`hello_write()` has its `spin_unlock()` still.",
    made: "`hello_write()` has no `spin_unlock()` yet.",
  },
  stateOf(code) {
    const [write, read] = [code("hello_write"), code("hello_read")];
    if (!LOCK.test(write)) {
      return problem(
        "`hello_write()` does not take the lock any more: it needs its `spin_lock()`.",
      );
    }
    if (!LOCK.test(read)) {
      return problem("`hello_read()` does not take the lock any more: it needs its `spin_lock()`.");
    }
    if (!UNLOCK.test(read)) {
      return problem("`hello_read()` has lost its `spin_unlock()`: only `hello_write()` is meant.");
    }
    return UNLOCK.test(write) ? WHOLE : MADE;
  },
};
