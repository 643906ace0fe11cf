import { isWatchdog, nameMatcher } from "../no-culprits.js";
import type { Frame } from "../report.js";
import type { Facts, Family } from "./family.js";

/** What a panic says, without what differs from one machine or run to the next. */
export function panicTitle(why: string): string {
  const words = why
    .replace(/\s{0,4}exitcode=0x[0-9a-f]+/i, "")
    .replace(/^(Fatal exception) in interrupt/, "$1")
    .replace(/(?:0x)?\b[0-9a-f]{8,16}\b|0x[0-9a-f]{8,16}/gi, "ADDR");
  return `kernel panic: ${words.trim()}`.trimEnd();
}

/** How a task ends, init among them: what made it end is not in the trace. */
const isExit = nameMatcher(`do_exit do_group_exit __x64_sys_exit* __ia32_sys_exit* __se_sys_exit*
  __do_sys_exit* SyS_exit* sys_exit* make_task_dead complete_and_exit get_signal* do_signal* arch_do_signal*
  handle_signal* exit_to_user_mode* exit_to_usermode_loop prepare_exit_to_usermode syscall_exit_to_user_mode*
  __syscall_exit_to_user_mode* irqentry_exit* syscall_return_slowpath rewind_stack_*`);

/** What an interrupt interrupted did not panic. */
function ownFramesOf({ frames }: Facts): readonly Frame[] {
  const own = frames.filter(({ trace }) => trace === "call");
  const pointer = own.findIndex(({ role }) => role === "instruction");
  return pointer < 0 ? own : own.slice(0, pointer);
}

/** A panic that no other report leads to. */
export const panic: Family = {
  kind: "panic",
  firstLines: [
    {
      starts: ["Kernel panic - not syncing", "Kernel Panic - not syncing"],
      pattern: /^Kernel [pP]anic - not syncing: ?(?<why>.{0,300})/,
      from: "kernel/panic.c, panic()",
      role: "vehicle",
    },
  ],
  title: ({ groups: { why = "" } }) => panicTitle(why),
  suspects: ownFramesOf,
  never: (name, module) => isExit(name) || isWatchdog(name, module),
  missing: (facts) => {
    const ended = facts.text.some((line) => line.startsWith("---[ end Kernel panic"));
    if (facts.frames.length === 0 && !facts.hasCpuLine && !ended) {
      return "The end is cut off: the stack trace is missing.";
    }
    return /^Fatal exception/.test(facts.groups.why ?? "")
      ? "The start is cut off: the oops that it ends is missing."
      : undefined;
  },
  isOver: ({ text }) => text.some((line) => line.startsWith("---[ end Kernel panic")),
};
