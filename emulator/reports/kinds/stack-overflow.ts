import { baseName } from "../draft/frame-line.js";
import { isScheduler } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, oopsMissing, traceMissing } from "./family.js";

export const doubleFault: Family = {
  kind: "double-fault",
  firstLines: [
    {
      starts: [
        "PANIC: double fault",
        "traps: PANIC: double fault",
        "double fault: ",
        "Oops: double fault",
      ],
      pattern:
        /^(?:(?:traps: )?PANIC: double fault(?:, error_code: |, gdt at)|(?:Oops: )?double fault: [0-9a-f]{4} \[#(?<die>\d+)\])/,
      from: "arch/x86/kernel/traps.c, exc_double_fault()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("PANIC: double fault", facts),
  body: /^double fault, |^e(?:ip|ax|si) = /,
  missing: (facts) => {
    if (facts.endTrace || facts.panicked || /^esi = /.test(facts.text.at(-1) ?? ""))
      return undefined;
    return traceMissing(facts);
  },
};

export const stackOverflow: Family = {
  kind: "stack-overflow",
  firstLines: [
    {
      starts: ["BUG: stack guard page was hit", "BUG: IRQ stack guard", "BUG: TASK stack guard"],
      pattern: /^BUG: (?:\S{1,16} )?stack guard page was hit at/,
      from: "arch/x86/kernel/traps.c, handle_stack_overflow()",
      role: "telling",
    },
    {
      starts: ["kernel stack overflow", "stack guard page: ", "Oops: stack guard page"],
      pattern:
        /^(?:Oops: )?(?:kernel stack overflow \([^)]{1,40}\)|stack guard page): [0-9a-f]{4} \[#(?<die>\d+)\]/,
      from: "arch/x86/kernel/traps.c, handle_stack_overflow()",
      role: "telling",
    },
    {
      starts: [
        "Kernel panic - not syncing: stack-protector",
        "Kernel panic - not syncing: corrupted stack end",
      ],
      pattern:
        /^Kernel panic - not syncing: (?:(?<protector>stack-protector: Kernel stack is corrupted in: ?(?<function>.{0,300}))|corrupted stack end)/,
      from: "kernel/panic.c, __stack_chk_fail(); kernel/sched/core.c, schedule_debug()",
      role: "telling",
    },
    {
      starts: ["do_IRQ: "],
      pattern: /^do_IRQ: .{1,64} has overflown the kernel stack/,
      from: "arch/x86/kernel/irq_64.c, stack_overflow_check() until 5.x",
      role: "telling",
    },
  ],
  title: (facts) => {
    if (facts.message.includes("corrupted stack end")) {
      return inCulprit("kernel panic: corrupted stack end", facts);
    }
    const place = facts.groups.protector === undefined ? undefined : facts.groups.function;
    if (place === undefined) return inCulprit("BUG: stack guard page was hit", facts);
    const name = /^([A-Za-z_.$][\w.$]*)(?:\+0x|$)/.exec(place.trim())?.[1];
    return name === undefined
      ? inCulprit("kernel panic: stack is corrupted", facts)
      : `kernel panic: stack is corrupted in ${baseName(name)}`;
  },
  never: isScheduler,
  missing: (facts) => (facts.message.startsWith("BUG:") ? oopsMissing(facts) : traceMissing(facts)),
};
