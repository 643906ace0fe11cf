import { isAllocator, nameMatcher } from "../no-culprits.js";
import type { Facts, Family } from "./family.js";
import { inCulprit } from "./family.js";

const isUrbSubmission = nameMatcher(`usb_submit_urb usb_start_wait_urb usb_bulk_msg usb_control_msg*
  usb_internal_control_msg usb_interrupt_msg`);

function isOfKobjects({ groups: { file = "" } }: Facts): boolean {
  return /(?:^|\/)lib\/kobject\.c$/.test(file);
}

export const warning: Family = {
  kind: "warning",
  firstLines: [
    {
      starts: ["------------[ cut here ]------------"],
      pattern: /^-{8,20}\[ cut here \]-{8,20}/,
      from: "include/asm-generic/bug.h, CUT_HERE",
      role: "opening",
    },
    {
      starts: ["WARNING: CPU: ", "WARNING: at "],
      pattern:
        /^WARNING: (?:CPU: (?<cpu>\d{1,5}) PID: (?<pid>\d{1,10}) )?at (?:(?<file>[^\s:]{1,256}):\d+ )?(?<function>\S+(?: \[[\w-]{1,64}\])?)/,
      from: "kernel/panic.c, __warn()",
      role: "vehicle",
    },
    {
      // Since 6.18.
      starts: ["WARNING: "],
      pattern:
        /^WARNING: (?:(?<file>[^\s:]{1,256}):\d+ )?at (?<function>\S+(?: \[[\w-]{1,64}\])?), CPU#(?<cpu>\d{1,5}): (?<comm>.{1,64})\/(?<pid>\d{1,10})/,
      from: "kernel/panic.c, __warn()",
      role: "vehicle",
    },
  ],
  title: (facts) => {
    if (isOfKobjects(facts)) return inCulprit("WARNING: kobject bug", facts);
    const first = facts.frames.find(({ role }) => role === "instruction")?.symbol;
    // Drivers of all kinds hand it bad requests: syzkaller names both.
    if (first === "usb_submit_urb" && facts.culprit?.symbol !== undefined) {
      return `${inCulprit("WARNING", facts)}/usb_submit_urb`;
    }
    return inCulprit("WARNING", facts);
  },
  // Allocators warn of what they are asked for.
  never: (name, module) =>
    isUrbSubmission(name) || isAllocator(name, module) || name.startsWith("kobject_"),
  missing: (facts) => {
    if (!facts.endTrace && !facts.panicked) {
      return "The end is cut off: the line “---[ end trace” is missing.";
    }
    return facts.frames.length === 0 ? "It has no frames." : undefined;
  },
};
