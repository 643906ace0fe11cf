import { baseName } from "../draft/frame-line.js";
import { isAllocator, nameMatcher } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

/** What hands memory to user space or to a device on behalf of its caller. */
const isTransfer = nameMatcher(`usb_submit_urb usb_start_wait_urb usb_bulk_msg usb_control_msg*
  usb_internal_control_msg usb_interrupt_msg instrument_copy_* _copy_to_iter copy_to_iter* copyout
  simple_copy_to_iter put_cmsg copy_page_to_iter*`);

export const kmsan: Family = {
  kind: "kmsan",
  firstLines: [
    {
      starts: ["BUG: KMSAN: "],
      pattern: /^BUG: KMSAN: (?<bug>[\w-]{1,60}) in (?<function>.{1,300})/,
      from: "mm/kmsan/report.c, kmsan_report()",
      role: "telling",
    },
  ],
  title: (facts) => {
    const what = `KMSAN: ${facts.groups.bug}`;
    if (facts.culprit?.symbol !== undefined) return inCulprit(what, facts);
    const name = /^([A-Za-z_.$][\w.$]*)/.exec(facts.groups.function ?? "")?.[1];
    return name === undefined ? what : `${what} in ${baseName(name)}`;
  },
  never: (name, module) => isAllocator(name, module) || isTransfer(name),
  body: /^(?:Uninit was|Local variable|Bytes? \d|Memory access of size|Data copied to user|chained origin|==)/,
  missing: (facts) => {
    const end = facts.hasCpuLine || facts.separators > 0 || facts.panicked;
    return traceMissing(facts) ?? (end ? undefined : "The end is cut off: the CPU is missing.");
  },
  isOver: ({ separators, frames }) => separators >= 1 && frames.length > 0,
};
