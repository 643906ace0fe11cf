import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine } from "../wording.js";

/** lib/locking, kernel/locking/spinlock_debug.c. */
export const explainSpinlock = fromText((report): Explanation => {
  const name = culpritName(report) ?? "The kernel";
  const [, kind, problem] = findLine(report, /BUG: (\w+) ([\w ]+?)(?: on CPU#\d+|,| $|$)/) ?? [];
  const fields = findLine(
    report,
    /lock: (.*?), \.magic: (\w+)(?:, \.owner: (.*?)\/(-?\d+))?(?:, \.owner_cpu: (-?\d+))?/,
  );
  const lock = fields?.[1] === undefined ? "" : ` \`${fields[1].replace(/\/0x.*$/, "")}\``;
  const holder =
    fields?.[3] === undefined || fields[3] === "<none>"
      ? undefined
      : `\`${fields[3]}\` (pid ${fields[4]})`;
  const what = `the ${kind ?? "lock"}${lock}`;
  const evidence = [report.message, ...(fields === undefined ? [] : [fields.input.trim()])];
  const say = (text: string): Explanation => ({ sentence: `${name} ${text}.`, evidence });
  switch (problem) {
    case "bad magic":
      return say(
        fields?.[2] !== undefined && /^0+$/.test(fields[2])
          ? `used ${what}, whose magic number is 0: it was never initialised, or its memory has been cleared`
          : `used ${what}, whose magic number is wrong: it was never initialised, or its memory has been overwritten`,
      );
    case "recursion":
      return say(`took ${what} that it already holds: it would wait for itself for ever`);
    case "cpu recursion":
      return say(
        `took ${what} that its own processor already holds: it would wait for itself for ever`,
      );
    case "already unlocked":
      return say(`gave back ${what}, which nobody holds`);
    case "wrong owner":
      return say(`gave back ${what}, which ${holder ?? "another task"} holds`);
    case "wrong CPU":
      return say(`gave back ${what} on another processor than the one that took it`);
    case "lockup suspected":
    case "lockup":
    case "cpu lockup":
      return say(
        `waits for ${what} and does not get it${holder === undefined ? "" : `; it is held by ${holder}`}`,
      );
    default:
      return say(
        `used ${what} in a way that its checks do not allow${problem === undefined ? "" : ` (${problem.trim()})`}`,
      );
  }
});
