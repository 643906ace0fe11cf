import { MADE, problem, type SourceEdit, WHOLE } from "./source-edit.js";

const ALLOCATION = /\bhello_mem\s*=[^=;]*\w\s*\(/;
const TEST = /!\s*hello_mem\b|\bhello_mem\s*==|==\s*hello_mem\b/;
const REGISTRATION = /\bmisc_register\s*\(/;

/** Section 4: `hello_init()` does not allocate the memory, nor ask whether it got any. */
export const missingKmalloc: SourceEdit = {
  patch: "missing-kmalloc.patch",
  functions: ["hello_init"],
  places: [/\bkmalloc\b/, /\bint err\b/],
  says: {
    whole: "`hello_init()` calls `kmalloc()` still.",
    made: "`hello_init()` does not call `kmalloc()` yet.",
  },
  stateOf(code) {
    const init = code("hello_init");
    if (!REGISTRATION.test(init)) {
      return problem(
        "`hello_init()` registers no device any more: it needs its `misc_register()`.",
      );
    }
    if (ALLOCATION.test(init)) return WHOLE;
    if (!TEST.test(init)) return MADE;
    return problem(
      "`hello_init()` still tests `hello_mem` and returns `-ENOMEM`, so that the module would not " +
        "be loaded: the test has to go, too.",
    );
  },
};
