import { describe, expect, it } from "vitest";
import type { Finding } from "../../../emulator/lab/index.js";
import {
  autopsyOfLock,
  blockedTask,
  KNOWN_HOLDER,
  LOCK,
  place,
  task,
} from "../../../emulator/lab/test-support/autopsies.js";
import { autopsyCircumstances, autopsyGist, autopsyTitle } from "./autopsy-words.js";

const cycle = [task("cat", 50, "read"), task("sh", 51, "write")];
const spin = place("spin", 12, "");

describe("the title", () => {
  it.each<readonly [Finding, string]>([
    [
      { kind: "spinning-on-lock", lock: LOCK, waiting: undefined },
      "Frozen: waiting for hello_lock",
    ],
    [
      { kind: "spinning-on-lock", lock: undefined, waiting: undefined },
      "Frozen: waiting for a lock",
    ],
    [{ kind: "looping", loop: spin, lines: [], calls: [] }, "Frozen: going round in spin()"],
    [
      { kind: "looping", loop: undefined, lines: [], calls: [] },
      "Frozen: going round in the kernel",
    ],
    [{ kind: "halted-with-interrupts-off", halted: spin }, "Frozen: halted with interrupts off"],
    [{ kind: "blocked", cycle: [] }, "Blocked: a task sleeps for good"],
    [{ kind: "blocked", cycle }, "Deadlock: 2 tasks wait for each other"],
  ])("of $0.kind is $1", (finding, title) => {
    expect(autopsyTitle({ finding, blocked: [blockedTask()] })).toBe(title);
  });
});

it("has the holder as its gist as soon as that is known", () => {
  const pending = autopsyOfLock();
  expect(autopsyGist(pending)).toBe(pending.sentence);
  expect(autopsyGist({ ...pending, holder: KNOWN_HOLDER })).toBe(KNOWN_HOLDER.sentence);
});

it("says for whom the processor worked", () => {
  expect(autopsyCircumstances(autopsyOfLock())).toEqual([
    "a.out (pid 41)",
    "in read()",
    "interrupts on",
  ]);
  expect(
    autopsyCircumstances(
      autopsyOfLock({ context: "softirq", task: undefined, interruptsEnabled: false }),
    ),
  ).toEqual(["in a softirq", "interrupts off"]);
});
