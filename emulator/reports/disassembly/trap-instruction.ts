/** What the kernel means by the instructions that trap on purpose. */

/**
 * The check that clang's UBSAN traps for, by the number in the instruction: the order of clang's
 * SanitizerHandler, which the kernel repeats in lib/ubsan.h, enum ubsan_checks.
 */
const UBSAN_CHECKS = [
  "addition overflow",
  "unreachable code reached",
  "control flow integrity",
  "division overflow or by zero",
  "dynamic type",
  "conversion from floating point",
  "call through a pointer of another type",
  "implicit conversion",
  "invalid builtin",
  "invalid cast",
  "load of an invalid value",
  "missing return",
  "multiplication overflow",
  "negation overflow",
  "null argument",
  "null return",
  "null argument",
  "null return",
  "index out of bounds",
  "pointer overflow",
  "shift out of bounds",
  "subtraction overflow",
  "misaligned or null pointer",
  "alignment assumption",
  "size of a variable-length array",
] as const;

const ADDRESS_SIZE_PREFIX = 0x67;

/**
 * What a trapping instruction stands for: arch/x86/include/asm/bug.h and, for the operands of
 * ud1, arch/x86/kernel/traps.c, decode_bug().
 * @returns undefined for an instruction that does not trap on purpose.
 */
export function trapMeaning(bytes: Uint8Array): string | undefined {
  const at = bytes[0] === ADDRESS_SIZE_PREFIX ? 1 : 0;
  const [first, second, modrm = 0, immediate = 0] = bytes.subarray(at);
  if (first === 0xcc) return "a breakpoint";
  if (first !== 0x0f) return undefined;
  if (second === 0x0b) return "BUG() or WARN()";
  if (second === 0xff) return "WARN(), as kernels up to 4.14 do it";
  if (second !== 0xb9) return undefined;
  // ud1 with %eax as its register and 0(%eax) or disp8(%eax) as its memory.
  if (modrm === 0x00 || modrm === 0x40) {
    const check = UBSAN_CHECKS[modrm === 0x40 ? immediate : 0];
    return check === undefined ? "a UBSAN check" : `UBSAN: ${check}`;
  }
  return "a trap";
}
