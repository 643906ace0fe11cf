import type { Report } from "../../report.js";
import { type Explanation, fromText } from "../explanation.js";
import { capitalize, culpritName, findLine, linesLike, taskName, trapName } from "../wording.js";

/** Processors that do nothing else any more: kernel/watchdog.c, kernel/rcu/tree_stall.h. */

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

export const explainRcuStall = fromText((report): Explanation => {
  const starved = findLine(
    report,
    /(\w+) kthread (?:timer wakeup didn't happen|starved) for (\d+) jiffies/,
  );
  const duration = findLine(report, /\(t=(\d+) jiffies/) ?? findLine(report, /, t=(\d+) jiffies/);
  const stalled = [
    ...new Set(
      report.text.flatMap(
        (line) => /^\s*(?:rcu:\s*)?(\d+)-[.oO?!N]{3,4}[:.\s]/.exec(line)?.[1] ?? [],
      ),
    ),
  ];
  const expedited = findLine(report, /expedited stalls on CPUs\/tasks: \{\s*(?:(\d+)-)?/);
  const self = findLine(report, /self-detected stall on CPU\s*(\d+)?/);
  const cpu = stalled[0] ?? expedited?.[1] ?? self?.[1] ?? report.cpu?.toString();
  const time = duration?.[1] === undefined ? "too long" : `${duration[1]} timer ticks`;
  const blockers = findLine(report, /Tasks blocked on level-\d+ rcu_node[^:]*: P(\d+)/);
  const evidence = [
    report.message,
    ...linesLike(report, /jiffies|^\s*(?:rcu:\s*)?\d+-[.oO?!N]{3,4}/).slice(0, 3),
  ];
  if (stalled.length === 0 && blockers?.[1] !== undefined) {
    return {
      sentence: `RCU has waited ${time} for the task with pid ${blockers[1]}, which was put off the processor in the middle of reading data that RCU protects.`,
      evidence,
    };
  }
  const name = culpritName(report);
  if (cpu === undefined && starved !== undefined) {
    return {
      sentence: `RCU could not go on since its own thread \`${starved[1]}\` did not get to run for ${starved[2]} timer ticks.`,
      evidence,
    };
  }
  const where = name === undefined ? "" : `; it was in ${name}`;
  const which =
    stalled.length > 1
      ? `CPUs ${stalled.join(", ")}`
      : cpu === undefined
        ? "a processor"
        : `CPU ${cpu}`;
  return {
    sentence: `RCU has waited ${time} for ${which} to come by a moment at which it uses no data that RCU protects (a task switch, idle, or user space)${where}.`,
    evidence,
  };
});

export const explainHungTask = fromText((report): Explanation => {
  const [, comm, pid, seconds] =
    findLine(report, /task (.*):(\d+) blocked(?: in I\/O wait)? for more than (\d+) seconds/) ?? [];
  const task =
    taskName({ comm: comm ?? report.comm, pid: pid === undefined ? report.pid : Number(pid) }) ??
    "A task";
  const time = seconds === undefined ? "" : ` for more than ${seconds} s`;
  const waiting = report.frames.filter(({ sure, trace }) => sure && trace === "call");
  const wait = waiting.findLast(({ symbol }) => WAITS.test(symbol ?? ""));
  const caller = wait === undefined ? undefined : waiting[waiting.indexOf(wait) + 1]?.symbol;
  const name = culpritName(report);
  const holder = findLine(report, /is blocked on an? (\w+)(?: likely)? owned by task (.*)/);
  const owner =
    holder === undefined
      ? ""
      : `; the ${holder[1]} is held by task ${holder[2]?.replace(/\.$/, "")}`;
  const where =
    wait?.symbol !== undefined && caller !== undefined
      ? ` in \`${wait.symbol}()\`, called from \`${caller}()\``
      : name === undefined
        ? ""
        : ` in ${name}`;
  return {
    sentence: `${capitalize(task)} has waited${time}${where}${owner}.`,
    evidence: [report.message, ...(holder === undefined ? [] : [holder.input.trim()])],
  };
});

/** What tasks wait in. */
const WAITS =
  /^_*(?:mutex_lock|down|down_(?:read|write|interruptible|killable|timeout)|rt_mutex_lock|ww_mutex_lock|rwsem_down_\w+|wait_for_(?:common|completion)\w*|wait_on_(?:bit|page)\w*|io_schedule\w*|schedule\w*|percpu_down_\w+|synchronize_\w+|flush_work\w*|flush_workqueue|msleep\w*|wait_woken|rwsem_\w+slowpath|mutex_lock_\w+|folio_wait\w*|out_of_line_wait\w*|bit_wait\w*|__flush_work)(?:\.|$)/;

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
