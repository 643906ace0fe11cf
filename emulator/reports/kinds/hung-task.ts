import { isScheduler, isWaiter } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

export const hungTask: Family = {
  kind: "hung-task",
  firstLines: [
    {
      starts: ["INFO: task "],
      pattern:
        /^INFO: task (?<comm>.{1,64}?):(?<pid>\d{1,10}) (?<fate>blocked|can't die|is blocked)(?: in I\/O wait)? (?:for|in)? ?more than \d+ seconds/,
      from: "kernel/hung_task.c, check_hung_task()",
      role: "telling",
    },
  ],
  title: (facts) =>
    inCulprit(
      facts.groups.fate === "can't die" ? "INFO: task can't die" : "INFO: task hung",
      facts,
    ),
  never: (name, module) => isScheduler(name, module) || isWaiter(name),
  body: /^(?:"echo 0 > \/proc\/sys\/kernel\/hung_task_timeout_secs|.{1,64} +[DSRTI] (?:[0-9a-f]{8,16}| *running| {1,6})|task:.{1,64} state:|\s+(?:Not tainted|Tainted:)|Showing all locks held|Workqueue: |INFO: task .{1,80} (?:is )?blocked on an? )/,
  missing: traceMissing,
};
