import { describe, expect, it } from "vitest";
import {
  autopsyOfLock,
  blockedTask,
  frame,
  KNOWN_HOLDER,
  place,
} from "../test-support/autopsies.js";
import { autopsyLines, autopsySummary, blockedTaskLines } from "./autopsy-text.js";

const FOUND = autopsyOfLock({ holder: KNOWN_HOLDER });

describe("an autopsy as text", () => {
  it("says what is wrong and who has the lock, with both places, first the earlier one", () => {
    expect(autopsySummary(FOUND)).toEqual([
      "`a.out` (pid 41) spins for the spinlock `hello_lock` in `hello_read()`.",
      "`hello_lock` was acquired in `hello_write()` and never released.",
      "",
      "Acquired by `a.out` (pid 41) in `hello_write()`",
      "/home/student/3-locking/hello.c:80:",
      "  79",
      "➤ 80  \tspin_lock(&hello_lock);",
      "",
      "Waited for by `a.out` (pid 41) in `hello_read()`",
      "/home/student/3-locking/hello.c:58:",
      "  57",
      "➤ 58  \tspin_lock(&hello_lock);",
    ]);
  });

  it("goes on with the stack and the evidence of both", () => {
    const lines = autopsyLines(FOUND);
    expect(lines.slice(0, autopsySummary(FOUND).length)).toEqual(autopsySummary(FOUND));
    expect(lines.slice(autopsySummary(FOUND).length)).toEqual([
      "",
      "Trace:",
      "  _raw_spin_lock+0x19",
      `${"  hello_read+0x19 [hello]".padEnd(46)} /home/student/3-locking/hello.c:58:2`,
      "  vfs_read+0x19",
      "",
      "Evidence:",
      "- The processor stood at _raw_spin_lock+0x19.",
      "- `_raw_spin_lock()` was called for it.",
    ]);
  });

  it("leaves the stacks to a debugger that shows them", () => {
    const lines = autopsyLines({ ...FOUND, blocked: [blockedTask()] }, { withoutStacks: true });
    expect(lines.join("\n")).not.toContain("vfs_read");
    expect(lines.join("\n")).not.toContain("schedule+");
    expect(lines).toContain("Evidence:");
  });

  it("says why a holder cannot be told", () => {
    const reason = "It cannot be told who holds it: the log begins later.";
    const lines = autopsySummary({
      ...FOUND,
      holder: { kind: "unknown", lock: undefined, reason },
    });
    expect(lines).toContain(reason);
    expect(lines.join("\n")).not.toContain("Acquired");
    expect(lines.join("\n")).toContain("Waited for");
  });

  it("shows a place without source by its function and module", () => {
    const bare = { ...place("probe", 1, ""), file: undefined, line: undefined, excerpt: undefined };
    const finding = { kind: "halted-with-interrupts-off", halted: bare } as const;
    expect(autopsySummary({ ...FOUND, finding, holder: undefined }).slice(1)).toEqual([
      "",
      "Halted by `a.out` (pid 41) in `probe()`",
      "probe() [hello]",
    ]);
  });

  it("lists the lines that a loop goes through", () => {
    const finding = {
      kind: "looping",
      loop: place("spin", 12, "\tfor (;;)"),
      lines: [12, 13],
      calls: [],
    } as const;
    expect(autopsySummary({ ...FOUND, finding, holder: undefined })).toContain(
      "The loop of `a.out` (pid 41) in `spin()`, seen at lines 12, 13",
    );
  });

  it("makes visible what would move the cursor, and gives looks to what shows them", () => {
    const style = (look: string, text: string): string => `<${look}>${text}</${look}>`;
    const odd = autopsyOfLock({ sentence: "\x1b[2Jgone", frames: [frame("odd\x07")] });
    const lines = autopsyLines(odd, { style });
    expect(lines[0]).toBe("^[[2Jgone");
    expect(lines.join("\n")).toContain("odd^G");
    expect(lines).toContain("<bold>➤ 58  \tspin_lock(&hello_lock);</bold>");
  });
});

describe("tasks that are blocked", () => {
  const first = blockedTask(50);
  const second = blockedTask(51);
  const told = [
    "",
    "`cat` (pid 50) sleeps in `mutex_hold_read()` for the mutex `mutex`.",
    "",
    "Acquired by `sh` (pid 49) in `mutex_hold_open()`",
    "/root/mutex_hold.c:20:",
    "  19",
    "➤ 20  \tmutex_lock(&mutex);",
    "",
    "Waited for by `cat` (pid 50) in `mutex_hold_read()`",
    "/root/mutex_hold.c:31:",
    "  30",
    "➤ 31  \tmutex_lock(&mutex);",
  ];

  it("are shown with who has what they wait for", () => {
    expect(blockedTaskLines([first], { withoutStacks: true })).toEqual(told);
    expect(blockedTaskLines([first]).slice(told.length)).toEqual([
      "",
      "Trace:",
      "  schedule+0x19",
      "  mutex_hold_read+0x19 [mutex_hold]",
    ]);
  });

  it("are what there is to say of a guest that goes on, each said once", () => {
    const finding = { kind: "blocked", cycle: [] } as const;
    const one = autopsyOfLock({ finding, blocked: [first], sentence: first.sentence });
    expect(autopsySummary(one)).toEqual(told);
    const both = autopsyOfLock({ finding, blocked: [first, second], sentence: "Two sleep." });
    const lines = autopsySummary(both);
    expect(lines[0]).toBe("Two sleep.");
    expect(lines.filter((line) => line.startsWith("`cat`"))).toEqual([
      first.sentence,
      second.sentence,
    ]);
    // The processor's own stack is that of the idle task.
    expect(autopsyLines(both).join("\n")).not.toContain("vfs_read");
  });

  it("come after the frozen processor", () => {
    const lines = autopsyLines({ ...FOUND, blocked: [first] });
    const heading = lines.indexOf("Asleep, and no signal wakes them:");
    expect(heading).toBeGreaterThan(lines.indexOf("Trace:"));
    expect(lines.slice(heading + 1, heading + 1 + told.length)).toEqual(told);
  });
});
