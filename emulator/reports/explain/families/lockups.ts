import type { Report } from "../../report.js";
import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine, trapName } from "../wording.js";

/** Processors that do nothing else any more: kernel/watchdog.c, kernel/watchdog_hld.c. */

function stuckIn(report: Report): string {
  const name = culpritName(report) ?? trapName(report);
  return name === undefined ? "the kernel" : name;
}

export const explainSoftLockup = fromText((report): Explanation => {
  const [, cpu, seconds, task] =
    findLine(report, /soft lockup - CPU#(\d+) stuck for (\d+)s! \[(.*):\d+\]/) ?? [];
  const which = cpu ?? report.cpu?.toString();
  const time = seconds === undefined ? "for too long" : `for ${seconds} s`;
  const on = task === undefined ? "" : ` on behalf of \`${task}\``;
  return {
    sentence: `${which === undefined ? "A processor" : `CPU ${which}`} has been in ${stuckIn(report)} ${time}${on} without letting another task run.`,
    evidence: [report.message],
  };
});

export const explainHardLockup = fromText((report): Explanation => {
  const [, cpu] = findLine(report, /hard LOCKUP on cpu (\d+)/i) ?? [];
  const which = cpu ?? report.cpu?.toString();
  return {
    sentence: `${which === undefined ? "A processor" : `CPU ${which}`} has been in ${stuckIn(report)} so long with interrupts off that not even its timer came through.`,
    evidence: [report.message],
  };
});
