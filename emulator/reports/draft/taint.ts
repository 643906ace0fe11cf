import type { Taint } from "../report.js";

/** kernel/panic.c, taint_flags[], and Documentation/admin-guide/tainted-kernels.rst. */
const MEANINGS: Readonly<Record<string, string>> = {
  G: "all loaded modules have a GPL-compatible licence",
  P: "a proprietary module was loaded",
  F: "a module was loaded by force",
  S: "the processor or the kernel is used out of its specification",
  R: "a module was unloaded by force",
  M: "the processor reported a machine check exception",
  B: "a page of bad state was found",
  U: "a program in user space set the taint",
  D: "the kernel has oopsed or called BUG() before",
  A: "an ACPI table was overridden",
  W: "the kernel has printed a warning before",
  C: "a module of the staging tree was loaded",
  I: "a bug of the firmware was worked around",
  O: "an out-of-tree module was loaded",
  E: "a module without a valid signature was loaded",
  L: "a soft lockup has occurred before",
  K: "the kernel was patched live",
  X: "a flag of the distribution's own is set",
  T: "the kernel was built with randomised structure layout",
  N: "a test was run in the kernel",
  J: "a user-space process changed memory or timing through fwctl",
};

/**
 * The flags behind `Tainted:`. `G` says that `P` is not set and is no taint of its own.
 * @param flags letters and blanks, or `[D]=DIE, [W]=WARN` as kernels since 6.12 print.
 */
export function readTaint(flags: string): Taint[] {
  const letters = flags.includes("[")
    ? [...flags.matchAll(/\[([A-Z])\]/g)].map(([, letter]) => letter ?? "")
    : [...flags.replace(/[^A-Z]/g, "")];
  return [...new Set(letters)]
    .filter((letter) => letter !== "G")
    .map((letter) => ({ letter, meaning: MEANINGS[letter] ?? "a flag that is not known here" }));
}
