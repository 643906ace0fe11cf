import type { TaskStateLetter } from "../task.js";

// include/linux/sched.h and task_state_array of fs/proc/array.c.
const TASK_UNINTERRUPTIBLE = 0x2;
const TASK_NOLOAD = 0x400;
const TASK_RTLOCK_WAIT = 0x1000;
const TASK_FROZEN = 0x8000;
const TASK_IDLE = TASK_UNINTERRUPTIBLE | TASK_NOLOAD;
/** The states that have a letter, from the lowest bit on; none of them is running. */
const TASK_REPORT = 0x7f;
const LETTERS: readonly TaskStateLetter[] = ["R", "S", "D", "T", "t", "X", "Z", "P"];

/** The letter that /proc shows: `task_state_index()`. */
export function taskStateLetter(state: number, exitState: number): TaskStateLetter {
  if ((state & TASK_IDLE) === TASK_IDLE) return "I";
  if ((state & (TASK_RTLOCK_WAIT | TASK_FROZEN)) !== 0) return "D";
  const reported = (state | exitState) & TASK_REPORT;
  return LETTERS[32 - Math.clz32(reported)] ?? "R";
}
