import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine, linesLike } from "../wording.js";

/** RCU's grace period does not end: kernel/rcu/tree_stall.h. */
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
