import type { Diagnostic } from "../diagnostics.js";
import { undefinedSymbol } from "./modpost-messages.js";

/**
 * Calls that a compiler makes by itself, and whose library the kernel does not have (gccint, 4.1
 * "Routines for integer arithmetic", 4.2 "Routines for floating point emulation").
 */
const LONG_DIVISION = /^__u?(div|mod|divmod)di[34]$/;
const FLOATING_POINT =
  /^__((add|sub|mul|div|neg|pow)[sdx]f[23i]*|(eq|ne|lt|le|gt|ge|cmp|unord)[sdx]f2|fix(uns)?[sdx]f[sdt]i|float(un)?[sdt]i[sdx]f|extend[sh]f[dx]f2|trunc[dx]f[sdh]f2)$/;

/** What a C compiler says of the first word of a declaration in C++. */
const CPLUSPLUS = /^unknown type name '(class|constexpr|namespace|template|using)'/;

/** What helps against a message of the kernel's build, where it is not in the message itself. */
export function adviceFor(diagnostic: Diagnostic): string | undefined {
  const { message } = diagnostic;
  if (message.startsWith("missing MODULE_LICENSE()")) {
    return 'Say under which licence the module is: MODULE_LICENSE("GPL");';
  }
  if (message.startsWith("GPL-incompatible module")) {
    return (
      "The symbol is for modules under the GPL alone; which licences count as such is in " +
      "include/linux/module.h."
    );
  }
  if (CPLUSPLUS.test(message)) return "This is C++. The kernel and its modules are written in C.";
  const symbol = undefinedSymbol(diagnostic);
  if (symbol === undefined) return undefined;
  if (LONG_DIVISION.test(symbol)) {
    return "A 32-bit kernel does not divide 64-bit numbers by itself: use <linux/math64.h>.";
  }
  if (FLOATING_POINT.test(symbol)) {
    return "The kernel does not compute with float and double: use integers.";
  }
  return undefined;
}
