import { type Explanation, fromText } from "../explanation.js";
import { capitalize, culpritName, findLine, taskName } from "../wording.js";

/** CONFIG_DETECT_HUNG_TASK: kernel/hung_task.c. */
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
