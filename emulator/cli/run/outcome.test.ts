import { describe, expect, it } from "vitest";
import { type CommandResult, type Doom, findReports, type KernelRecord } from "../../lab/index.js";
import type { RunReport } from "./module-run.js";
import { explain, outcomeOf } from "./outcome.js";

type Ending = CommandResult extends infer R
  ? R extends unknown
    ? Omit<R, "stdout" | "stderr" | "ms" | "kernelLog" | "reports">
    : never
  : never;

const USERCOPY = "usercopy: Kernel memory overwrite attempt detected to null address!";
const BUG = "kernel BUG at mm/usercopy.c:101!";
const DIE_HEADER = "invalid opcode: 0000 [#1] SMP";
const FROZEN: Doom = {
  outcome: "frozen",
  freeze: {
    reason: "spinning-on-lock",
    guestMs: 1000,
    silentMs: 250,
    instructionPointer: 0xc1000000,
    interruptsEnabled: true,
  },
};

/** A run of `./a.out` that ended so, and the kernel's log of it. */
function report(ending: Ending, log: readonly string[] = [], doom?: Doom): RunReport {
  const kernelLog = log.map(
    (text, sequence): KernelRecord => ({
      sequence,
      level: 6,
      facility: 0,
      microseconds: 1_000_000,
      seconds: 1,
      text,
      continuation: false,
      dictionary: {},
      missing: 0,
    }),
  );
  const reports = findReports(log.join("\n")).map((report) => ({
    report,
    explanation: { sentence: "", evidence: [] },
    frames: [],
    culprit: undefined,
    excerpt: undefined,
    trapListing: [],
    culpritListing: [],
    missing: [],
  }));
  const none = new Uint8Array();
  const written = { stdout: none, stderr: none, ms: 1, kernelLog, reports };
  return {
    steps: [
      { command: "./a.out", result: { ...ending, ...written }, kernelLog, unknownSymbols: [] },
    ],
    kernelLog,
    doom,
    autopsy: undefined,
    reports,
  };
}

describe("outcomeOf", () => {
  it.each<[string, RunReport]>([
    ["ok", report({ outcome: "exited", exitCode: 0 })],
    ["failed", report({ outcome: "exited", exitCode: 1 })],
    ["failed", report({ outcome: "signaled", signal: "SIGABRT", coreDumped: false })],
    ["failed", report({ outcome: "output-limit", limitBytes: 1024 })],
    ["failed", report({ outcome: "lost", reason: "noise" })],
    ["timeout", report({ outcome: "timeout", timeoutMs: 1000 })],
    ["oops", report({ outcome: "oops", signal: "SIGSEGV", message: USERCOPY })],
    ["frozen", report(FROZEN, [], FROZEN)],
    ["panic", report({ outcome: "panic", message: "why" })],
    ["dead", report({ outcome: "dead", cause: { kind: "reset" } })],
  ])("is %s", (outcome, run) => {
    expect(outcomeOf(run)).toBe(outcome);
  });

  it("sees an oops that no command has died of", () => {
    const run = report({ outcome: "exited", exitCode: 0 }, ["hello", USERCOPY, BUG, DIE_HEADER]);
    expect(outcomeOf(run)).toBe("oops");
    expect(explain(run)).toEqual([`The kernel oopsed: ${USERCOPY}`]);
  });

  it("sees a guest that went down behind the last command", () => {
    expect(outcomeOf(report({ outcome: "exited", exitCode: 0 }, [], FROZEN))).toBe("frozen");
  });
});

describe("explain", () => {
  it.each<[RunReport, string[]]>([
    [report({ outcome: "exited", exitCode: 0 }), []],
    [report({ outcome: "exited", exitCode: 3 }), ["./a.out ended with status 3."]],
    [
      report({ outcome: "signaled", signal: "SIGABRT", coreDumped: false }),
      ["./a.out was killed by SIGABRT."],
    ],
    [
      report({ outcome: "timeout", timeoutMs: 1500 }),
      ["./a.out did not end within 1.5 s of the guest's time."],
    ],
  ])("says what went wrong", (run, lines) => {
    expect(explain(run)).toEqual(lines);
  });
});
