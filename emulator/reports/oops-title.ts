/**
 * First lines of the reports in which an x86 kernel says that it oopsed: what
 * arch/x86/mm/fault.c (show_fault_oops), arch/x86/kernel/traps.c, lib/bug.c and
 * mm/usercopy.c print. A WARNING is no oops: the program goes on.
 */
const OOPS = [
  /^BUG: kernel NULL pointer dereference/,
  /^BUG: unable to handle/,
  /^BUG: stack guard page was hit/,
  /^kernel BUG at /,
  /^usercopy: Kernel memory (overwrite|exposure) attempt detected/,
  /^general protection fault/,
  /^(invalid opcode|divide error|stack segment|double fault|int3): [0-9a-f]{4} \[#\d+\]/,
  /^Oops: /,
];

/** The line that names the first oops in a stretch of the kernel log. */
export function oopsTitle(lines: Iterable<string>): string | undefined {
  for (const line of lines) {
    if (OOPS.some((pattern) => pattern.test(line))) return line;
  }
  return undefined;
}
