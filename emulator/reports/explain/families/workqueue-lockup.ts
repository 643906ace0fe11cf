import { type Explanation, fromText } from "../explanation.js";
import { findLine, linesLike } from "../wording.js";

/** CONFIG_WQ_WATCHDOG: kernel/workqueue.c, wq_watchdog_timer_fn(). */
export const explainWorkqueueLockup = fromText((report): Explanation => {
  const [, seconds] = findLine(report, /stuck for (\d+)s/) ?? [];
  const [, cpus] = findLine(report, /pool cpus=([\d,-]+)/) ?? [];
  const running = report.text.flatMap((line) => {
    const [, pid, work] = /in-flight: (\d+)\S*:([\w.]+)/.exec(line) ?? [];
    return pid === undefined || work === undefined ? [] : [`\`${work}()\``];
  });
  const on = cpus === undefined ? "" : ` on CPU ${cpus}`;
  const time = seconds === undefined ? "" : ` for ${seconds} s`;
  const busy = running.length === 0 ? "" : `; in progress: ${[...new Set(running)].join(", ")}`;
  return {
    sentence: `A pool of workqueue threads${on} has work waiting and has begun none of it${time}${busy}.`,
    evidence: [report.message, ...linesLike(report, /in-flight:/).slice(0, 3)],
  };
});
