import { isScheduler } from "../no-culprits.js";
import type { Family } from "./family.js";
import { interruptedFrames } from "./interrupted.js";

export const workqueueLockup: Family = {
  kind: "workqueue-lockup",
  firstLines: [
    {
      starts: ["BUG: workqueue lockup"],
      pattern: /^BUG: workqueue lockup - pool/,
      from: "kernel/workqueue.c, wq_watchdog_timer_fn()",
      role: "telling",
    },
  ],
  title: () => "BUG: workqueue lockup",
  suspects: ({ frames }) => interruptedFrames(frames),
  never: isScheduler,
  body: /^(?:Showing busy workqueues|workqueue \S+: flags|\s+pwq \d+:|\s+(?:in-flight|pending|delayed|inactive):|pool \d+: cpus|Showing backtraces of running workers)/,
  missing: ({ text }) =>
    text.length > 1 ? undefined : "The end is cut off: the list of busy workqueues is missing.",
};
