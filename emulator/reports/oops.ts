import type { Report } from "./report.js";

/** The line of arch/x86/kernel/dumpstack.c, __die_header(), which counts the oopses of a boot. */
const DIE_HEADER = /: [0-9a-f]{4} \[#\d+\]/;

/** Whether the kernel oopsed: it then ends what it was doing, and the program with it. */
export function isOops({ text }: Report): boolean {
  return text.some((line) => DIE_HEADER.test(line));
}
