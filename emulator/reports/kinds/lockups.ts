import { isWatchdog } from "../no-culprits.js";
import type { Frame } from "../report.js";
import type { Facts, Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

/**
 * The frames of the code that was interrupted: from the first instruction pointer of kernel
 * mode on, which the interrupt or the NMI saved. Without one, those outside of the interrupt.
 */
export function interruptedFrames(frames: readonly Frame[]): readonly Frame[] {
  const pointer = frames.findIndex(({ role }) => role === "instruction");
  if (pointer >= 0) return frames.slice(pointer);
  const onTask = frames.filter(({ stack }) => stack === "task");
  return onTask.length > 0 ? onTask : frames;
}

const callFrames = ({ frames }: Facts): readonly Frame[] =>
  interruptedFrames(frames.filter(({ trace }) => trace === "call"));

export const softLockup: Family = {
  kind: "soft-lockup",
  firstLines: [
    {
      starts: ["watchdog: BUG: soft lockup", "BUG: soft lockup", "NMI watchdog: BUG: soft lockup"],
      pattern:
        /^(?:(?:NMI )?watchdog: )?BUG: soft lockup - CPU#(?<cpu>\d{1,5}) stuck for \d+s! ?\[(?<comm>.{1,64}?):(?<pid>\d{1,10})\]/,
      from: "kernel/watchdog.c, watchdog_timer_fn()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("BUG: soft lockup", facts),
  suspects: callFrames,
  never: isWatchdog,
  missing: traceMissing,
};

export const hardLockup: Family = {
  kind: "hard-lockup",
  firstLines: [
    {
      starts: [
        "NMI watchdog: Watchdog detected hard",
        "watchdog: Watchdog detected hard",
        "Watchdog detected hard LOCKUP",
        "watchdog: CPU",
        "Watchdog CPU",
        "watchdog: BUG: hard lockup",
      ],
      pattern:
        /^(?:(?:NMI )?[wW]atchdog: )?(?:Watchdog detected hard LOCKUP on cpu ?(?<cpu>\d{1,5})|Watchdog CPU:\d+ Hard LOCKUP|CPU \d{1,5} self-detected hard LOCKUP|CPU \d{1,5} detected hard LOCKUP)/,
      from: "kernel/watchdog_hld.c, watchdog_overflow_callback()",
      role: "telling",
    },
    {
      starts: ["Kernel panic - not syncing: Watchdog detected hard", "NMI: Not continuing"],
      pattern: /^Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu ?(?<cpu>\d{1,5})/,
      from: "kernel/watchdog.c, watchdog_overflow_callback() until 4.4",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("BUG: hard lockup", facts),
  suspects: ({ frames }) => interruptedFrames(frames),
  never: isWatchdog,
  taskOfCulprit: true,
  missing: traceMissing,
};
