import { describe, expect, it } from "vitest";
import type { LockHolder } from "../autopsy/index.js";
import type { CommandResult } from "../outcome.js";
import { autopsyOfLock, KNOWN_HOLDER } from "../test-support/autopsies.js";
import {
  exits,
  freezes,
  type GuestState,
  helloIsGone,
  helloIsLoaded,
  kernelSays,
  oopses,
  prints,
  printsLines,
  type StepEvidence,
  tellsHolder,
} from "./checks.js";

const NONE = new Uint8Array();
const written = { stdout: NONE, stderr: NONE, ms: 1, kernelLog: [], reports: [] };
const EXITED: CommandResult = { ...written, outcome: "exited", exitCode: 0 };
const FROZEN: CommandResult = {
  ...written,
  outcome: "frozen",
  freeze: {
    reason: "no-progress",
    guestMs: 1,
    silentMs: 1,
    instructionPointer: 1,
    interruptsEnabled: true,
  },
};
const OOPSED = {
  ...written,
  outcome: "oops",
  signal: "SIGSEGV",
  message: "BUG: unable to handle page fault",
} as const;

function evidence(changes: Partial<StepEvidence> & { guest?: GuestState }): StepEvidence {
  return {
    result: EXITED,
    stdout: "",
    stderr: "",
    kernelLog: [],
    lookIntoGuest: async () => changes.guest,
    ...changes,
  };
}

describe("checks of a step", () => {
  it("tells the holder", () => {
    const check = tellsHolder("hello_lock", "hello_write", "hello_read");
    const told = (holder: LockHolder | undefined) =>
      check(evidence({ result: { ...FROZEN, autopsy: { ...autopsyOfLock(), holder } } }));
    expect(told(KNOWN_HOLDER)).toBeUndefined();
    expect(told(undefined)).toBe("expected to be told who has the lock");
    expect(told({ kind: "unknown", lock: KNOWN_HOLDER.lock, reason: "It cannot be told." })).toBe(
      "expected to be told who has hello_lock: It cannot be told.",
    );
    expect(told({ ...KNOWN_HOLDER, acquired: KNOWN_HOLDER.waiting })).toContain(
      `found: ${KNOWN_HOLDER.sentence}`,
    );
    expect(check(evidence({}))).toBe("expected to be told who has the lock");
  });

  it("exits", () => {
    expect(exits(0)(evidence({}))).toBeUndefined();
    expect(exits(1)(evidence({ stderr: "why\n" }))).toBe(
      "expected exit status 1, found exit status 0 (why)",
    );
    expect(exits(0)(evidence({ result: FROZEN }))).toBe(
      "expected exit status 0, found the machine froze (no-progress)",
    );
  });

  it("prints", () => {
    expect(prints("a\n")(evidence({ stdout: "a\n" }))).toBeUndefined();
    expect(prints("a\n")(evidence({ stdout: "a" }))).toContain('found "a"');
  });

  it("printsLines and kernelSays take lines in their order", () => {
    const stdout = "one\ntwo\nthree\n";
    expect(printsLines(/^one$/, /^three$/)(evidence({ stdout }))).toBeUndefined();
    expect(printsLines(/^three$/, /^one$/)(evidence({ stdout }))).toContain("/^one$/");
    expect(kernelSays(/hello/)(evidence({}))).toContain("/hello/");
  });

  it("helloIsLoaded and helloIsGone ask the guest", async () => {
    const both = { hasHelloModule: true, hasHelloDevice: true };
    const none = { hasHelloModule: false, hasHelloDevice: false };
    expect(await helloIsLoaded(evidence({ guest: both }))).toBeUndefined();
    expect(await helloIsGone(evidence({ guest: none }))).toBeUndefined();
    expect(await helloIsLoaded(evidence({ guest: { ...both, hasHelloDevice: false } }))).toContain(
      "no device",
    );
    expect(await helloIsLoaded(evidence({ guest: none }))).toContain("not loaded");
    expect(await helloIsGone(evidence({ guest: both }))).toContain("still loaded");
    expect(await helloIsGone(evidence({ guest: { ...none, hasHelloDevice: true } }))).toContain(
      "still there",
    );
  });

  it("take a guest that answers no more for wrong", async () => {
    expect(await helloIsLoaded(evidence({}))).toBeDefined();
    expect(await helloIsGone(evidence({}))).toBeDefined();
  });

  it("freezes", () => {
    expect(freezes("no-progress")(evidence({ result: FROZEN }))).toBeUndefined();
    expect(freezes("spinning-on-lock")(evidence({ result: FROZEN }))).toContain("no-progress");
    expect(freezes("no-progress")(evidence({}))).toContain("ended with status 0");
  });

  it("oopses", () => {
    expect(oopses(OOPSED.message)(evidence({ result: OOPSED }))).toBeUndefined();
    expect(oopses("another")(evidence({ result: OOPSED }))).toContain("page fault");
    expect(oopses("another")(evidence({}))).toContain("expected the kernel to oops");
  });
});
