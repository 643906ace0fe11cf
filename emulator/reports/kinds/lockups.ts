import { isWatchdog } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";
import { foundByScanning, interruptedFrames } from "./interrupted.js";

export const softLockup: Family = {
  kind: "soft-lockup",
  firstLines: [
    {
      starts: ["watchdog: BUG: soft lockup", "BUG: soft lockup", "NMI watchdog: BUG: soft lockup"],
      pattern:
        /^(?:(?:NMI )?watchdog: )?BUG: soft lockup - CPU#(?<cpu>\d{1,5}) stuck for \d+s! ?\[(?<comm>.{1,64}):(?<pid>\d{1,10})\]/,
      from: "kernel/watchdog.c, watchdog_timer_fn()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("BUG: soft lockup", facts),
  suspects: ({ frames }) => interruptedFrames(frames.filter(({ trace }) => trace === "call")),
  trusts: ({ frames }) => foundByScanning(frames),
  never: isWatchdog,
  missing: traceMissing,
};

const DETECTED =
  "Watchdog detected hard LOCKUP on cpu ?(?<cpu>\\d{1,5})|(?:Watchdog )?CPU:? ?(?<cpu1>\\d{1,5}) (?:self-detected |detected )?[hH]ard LOCKUP|BUG: hard lockup";

export const hardLockup: Family = {
  kind: "hard-lockup",
  firstLines: [
    {
      starts: [
        "NMI watchdog: ",
        "watchdog: Watchdog detected hard",
        "Watchdog detected hard LOCKUP",
        "watchdog: CPU",
        "Watchdog CPU",
        "watchdog: BUG: hard lockup",
      ],
      pattern: new RegExp(`^(?:(?:NMI )?watchdog: )?(?:CPU\\d{1,5}: )?(?:${DETECTED})`),
      from: "kernel/watchdog.c, watchdog_hardlockup_check(); kernel/watchdog_hld.c",
      role: "telling",
    },
    {
      starts: ["Kernel panic - not syncing: "],
      pattern:
        /^Kernel panic - not syncing: (?:Watchdog detected hard LOCKUP on cpu ?(?<cpu>\d{1,5})|Hard LOCKUP)/,
      from: "kernel/watchdog_hld.c, watchdog_overflow_callback()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("BUG: hard lockup", facts),
  suspects: ({ frames }) => interruptedFrames(frames),
  trusts: ({ frames }) => foundByScanning(frames),
  never: isWatchdog,
  taskOfCulprit: true,
  missing: traceMissing,
};
