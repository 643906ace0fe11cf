import type { Family } from "./family.js";
import { callOfNothing, inCulprit, oopsMissing } from "./family.js";
import { panicTitle } from "./panic.js";

/** die() with the trap's name: arch/x86/kernel/traps.c; `Oops: ` stands before it since 6.10. */
const FROM = "arch/x86/kernel/traps.c, die() by way of arch/x86/kernel/dumpstack.c";

export const generalProtection: Family = {
  kind: "general-protection",
  firstLines: [
    {
      starts: [
        "general protection fault",
        "segment-related general protection fault",
        "Oops: general protection fault",
        "Oops: segment-related general protection fault",
      ],
      pattern:
        /^(?:Oops: )?(?:segment-related )?general protection fault(?:, (?:probably for|maybe for|kernel)[^:]{0,80})?: [0-9a-f]{4} \[#(?<die>\d+)\]/,
      from: "arch/x86/kernel/traps.c, exc_general_protection()",
      role: "telling",
    },
    {
      starts: ["kasan: CONFIG_KASAN_INLINE", "kasan: GPF could be"],
      pattern: /^kasan: (?:CONFIG_KASAN_INLINE enabled|GPF could be caused by)/,
      from: "arch/x86/mm/kasan_init_64.c, kasan_die_handler() until 5.7",
      role: "opening",
    },
  ],
  title: (facts) => inCulprit("general protection fault", facts),
  trusts: callOfNothing,
  missing: oopsMissing,
};

export const divideError: Family = {
  kind: "divide-error",
  firstLines: [
    {
      starts: ["divide error: ", "Oops: divide error: "],
      pattern: /^(?:Oops: )?divide error: [0-9a-f]{4} \[#(?<die>\d+)\]/,
      from: FROM,
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("divide error", facts),
  trusts: callOfNothing,
  missing: oopsMissing,
};

/** BUG() traps by an invalid opcode, so that this line alone is a BUG() whose start is lost. */
export const invalidOpcode: Family = {
  kind: "invalid-opcode",
  firstLines: [
    {
      starts: ["invalid opcode: ", "Oops: invalid opcode: "],
      pattern: /^(?:Oops: )?invalid opcode: [0-9a-f]{4} \[#(?<die>\d+)\]/,
      from: FROM,
      role: "vehicle",
    },
  ],
  title: (facts) => inCulprit("invalid opcode", facts),
  trusts: callOfNothing,
  missing: oopsMissing,
};

const TRAPS =
  "stack segment|alignment check|int3|bounds|overflow|segment not present|invalid TSS|" +
  "coprocessor error|coprocessor segment overrun|simd exception|SIMD exception|fpu exception|" +
  "unknown exception|machine check|debug|nmi|control protection fault|VMM communication exception|" +
  "spurious interrupt bug|iret exception|device not available|virtualization exception|" +
  "spurious_interrupt_bug|kernel stack regs|split lock|unhandled #VE exception";

export const trap: Family = {
  kind: "trap",
  firstLines: [
    {
      starts: TRAPS.split("|").flatMap((name) => [`${name}: `, `Oops: ${name}: `]),
      pattern: new RegExp(`^(?:Oops: )?(?<trap>${TRAPS}): [0-9a-f]{4} \\[#(?<die>\\d+)\\]`),
      from: FROM,
      role: "telling",
    },
    {
      starts: ["traps: Missing ENDBR", "Missing ENDBR: "],
      pattern: /^(?:traps: )?(?<trap>Missing ENDBR): /,
      from: "arch/x86/kernel/cet.c, do_kernel_cp_fault()",
      role: "opening",
    },
    {
      starts: ["mce: [Hardware Error]: CPU "],
      pattern: /^mce: \[Hardware Error\]: CPU \d{1,5}: Machine Check Exception: /,
      from: "arch/x86/kernel/cpu/mce/core.c, __print_mce()",
      role: "opening",
    },
    {
      starts: ["Kernel panic - not syncing: "],
      pattern:
        /^Kernel panic - not syncing: (?<mce>Fatal [mM]achine check.*|Machine check.*|Fatal local machine check.*|Uncorrected hardware memory error.*)/,
      from: "arch/x86/kernel/cpu/mce/core.c, mce_panic()",
      role: "telling",
    },
    {
      starts: ["CFI failure at "],
      pattern: /^(?<trap>CFI failure) at (?<function>\S{1,256})(?: \[[\w-]{1,64}\])? \(/,
      from: "kernel/cfi.c, report_cfi_failure()",
      role: "telling",
    },
  ],
  title: (facts) => {
    const { mce, trap: name = "trap" } = facts.groups;
    if (mce !== undefined) return panicTitle(mce);
    return inCulprit(name === "stack segment" ? "stack segment fault" : name, facts);
  },
  body: /^mce: \[Hardware Error\]/,
  missing: (facts) => (facts.groups.mce === undefined ? oopsMissing(facts) : undefined),
};
