import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine, functionName } from "../wording.js";

/** lib/debugobjects.c: the words of debug_print_object()'s callers. */
const ACTIONS: Readonly<Record<string, string>> = {
  free: "freed memory with",
  init: "initialised",
  activate: "started",
  assert_init: "used",
  destroy: "destroyed",
};

/** What an object that is not tracked yet is called: its initialisation was never seen. */
const STATES: Readonly<Record<string, string>> = {
  none: "not initialised",
  "not available": "not initialised",
};

/** CONFIG_DEBUG_OBJECTS. */
export const explainDebugObjects = fromText((report): Explanation => {
  const [, operation, state, type, hint] =
    findLine(
      report,
      /ODEBUG: (\w+) ([\w ]+?) \(active state \d+\) object(?:: \S+ object)? type: (\S+) hint: (\S+)/,
    ) ?? [];
  const name = culpritName(report) ?? "The kernel";
  const evidence = [report.message];
  if (findLine(report, /is on stack .*NOT annotated/)) {
    return {
      sentence: `${name} used an object on the stack that was not initialised as one that lies there (\`…_on_stack()\`).`,
      evidence,
    };
  }
  if (operation === undefined) {
    return {
      sentence: `${name} used an object in a state in which that is not allowed.`,
      evidence,
    };
  }
  const callback =
    hint === undefined ? undefined : /^([A-Za-z_][\w.]*)(?:\+0x0\/|$)/.exec(hint)?.[1];
  const called = callback === undefined ? "" : ` (its function is ${functionName(callback)})`;
  const action = ACTIONS[operation] ?? `did "${operation}" to`;
  return {
    sentence: `${name} ${action} an object of type \`${type}\`${called} while it was ${STATES[state ?? ""] ?? state}.`,
    evidence,
  };
});
