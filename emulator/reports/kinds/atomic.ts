import { isAllocator, isFlush, isScheduler } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

export const schedulingWhileAtomic: Family = {
  kind: "scheduling-while-atomic",
  firstLines: [
    {
      starts: ["BUG: scheduling while atomic", "bad: scheduling from the idle"],
      pattern:
        /^(?:BUG: scheduling while atomic: (?<comm>.{1,64})\/(?<pid>\d{1,10})\/0x|bad: scheduling from the idle thread)/,
      from: "kernel/sched/core.c, __schedule_bug()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("BUG: scheduling while atomic", facts),
  never: (name, module) => isScheduler(name, module) || isAllocator(name, module),
  missing: traceMissing,
};

export const sleepingInAtomic: Family = {
  kind: "sleeping-in-atomic",
  firstLines: [
    {
      starts: ["BUG: sleeping function called from invalid context"],
      pattern: /^BUG: sleeping function called from invalid context at/,
      from: "kernel/sched/core.c, __might_resched()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("BUG: sleeping function called from invalid context", facts),
  never: (name, module) =>
    isScheduler(name, module) || isAllocator(name, module) || isFlush(name) || name === "rtnl_lock",
  body: /^(?:in_atomic\(\): |preempt_count: |RCU nest depth: |Preemption disabled at|\d+ locks? held by|no locks held by|INFO: lockdep is turned off)/,
  missing: traceMissing,
};
