/** Maps a register that an instruction names to what a report prints of the whole register. */

interface Part {
  /** The whole register without its width's letter: `ax`, `r8`. */
  readonly whole: string;
  readonly bits: number;
  /** 8 for `ah` and its like. */
  readonly shift: number;
}

const LEGACY_BYTES: Readonly<Record<string, string>> = { a: "ax", b: "bx", c: "cx", d: "dx" };

/** Intel SDM vol. 1, 3.4.1, tables 3-1 and 3-2. */
function partOf(name: string): Part | undefined {
  const [, number, width] = /^(r\d+)([dwbl]?)$/.exec(name) ?? [];
  if (number !== undefined) {
    return { whole: number, bits: { "": 64, d: 32, w: 16 }[width ?? ""] ?? 8, shift: 0 };
  }
  const [, letter, half] = /^([abcd])([lh])$/.exec(name) ?? [];
  const legacy = LEGACY_BYTES[letter ?? ""];
  if (legacy !== undefined) return { whole: legacy, bits: 8, shift: half === "h" ? 8 : 0 };
  const [, extended, word] = /^([er]?)([abcd]x|[sd]i|[sb]p|ip)$/.exec(name) ?? [];
  if (word !== undefined) {
    return { whole: word, bits: { "": 16, e: 32 }[extended ?? ""] ?? 64, shift: 0 };
  }
  const [, pointer] = /^([sd]i|[sb]p)l$/.exec(name) ?? [];
  return pointer === undefined ? undefined : { whole: pointer, bits: 8, shift: 0 };
}

/** The name under which all parts of a register are one: `ax` for `%al`, `r8` for `%r8d`. */
export function wholeRegister(name: string): string {
  return partOf(name)?.whole ?? name;
}

/**
 * The value of a register or of a part of one.
 * @param registers as in a report: `eax`, `rax`, `r08`, by lower-case name.
 * @param name as in an instruction: `al`, `eax`, `r8d`.
 * @returns undefined where the report does not have it.
 */
export function registerValue(
  registers: ReadonlyMap<string, bigint>,
  name: string,
): bigint | undefined {
  const part = partOf(name);
  if (part === undefined) return registers.get(name);
  const { whole, bits, shift } = part;
  // The kernel writes R08 and R09, arch/x86/kernel/process_64.c, __show_regs().
  const padded = whole.replace(/^r(\d)$/, "r0$1");
  const value =
    registers.get(`r${whole}`) ??
    registers.get(padded) ??
    registers.get(whole) ??
    (bits > 32 ? undefined : registers.get(`e${whole}`));
  return value === undefined ? undefined : BigInt.asUintN(bits, value >> BigInt(shift));
}
