import { expect, it } from "vitest";
import { taskStateLetter } from "./task-state.js";

// task_state_array of fs/proc/array.c and the values of include/linux/sched.h.
it.each([
  ["R", 0, 0, "TASK_RUNNING"],
  ["S", 0x1, 0, "TASK_INTERRUPTIBLE"],
  ["S", 0x2001, 0, "and freezable"],
  ["D", 0x2, 0, "TASK_UNINTERRUPTIBLE"],
  ["D", 0x102, 0, "TASK_KILLABLE"],
  ["D", 0x8000, 0, "TASK_FROZEN"],
  ["D", 0x1000, 0, "TASK_RTLOCK_WAIT"],
  ["I", 0x402, 0, "TASK_IDLE"],
  ["T", 0x104, 0, "TASK_STOPPED"],
  ["t", 0x8, 0, "TASK_TRACED"],
  ["X", 0x80, 0x10, "EXIT_DEAD"],
  ["Z", 0x80, 0x20, "EXIT_ZOMBIE"],
  ["P", 0x40, 0, "TASK_PARKED"],
  ["R", 0x200, 0, "TASK_WAKING"],
] as const)("%s is %i and %i: %s", (letter, state, exitState, _name) => {
  expect(taskStateLetter(state, exitState)).toBe(letter);
});
