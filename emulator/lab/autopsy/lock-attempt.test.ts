import { describe, expect, it } from "vitest";
import type { StackFrame } from "../../guest/index.js";
import { isUnderWay, type LockAttempt, LockAttempts, lastThroughEachSlot } from "./lock-attempt.js";
import { attemptOf } from "./test-support/lock-attempt.js";

let sequence = 0;

function attempt(changes: Partial<LockAttempt> & { pid?: number } = {}): LockAttempt {
  const pid = changes.pid ?? 1;
  const task = { address: BigInt(pid), pid, processId: pid, command: "sh", isKernelThread: false };
  return attemptOf(task, { sequence: sequence++, ...changes });
}

function frame(foundAt: bigint, instructionPointer: bigint): StackFrame {
  return {
    instructionPointer,
    isReturnAddress: true,
    foundAt,
    framePointer: undefined,
    reliable: true,
  };
}

describe("an attempt", () => {
  it("is under way while its return address is on the stack", () => {
    expect(isUnderWay(attempt(), [frame(0x7000n, 0x1n), frame(0x8000n, 0x1005n)])).toBe(true);
    expect(isUnderWay(attempt(), [frame(0x8000n, 0x2005n)])).toBe(false);
    expect(isUnderWay(attempt(), [])).toBe(false);
  });

  it("is over when another one goes through its place on the stack", () => {
    const [first, second, other] = [attempt(), attempt(), attempt({ returnSlot: 0x9000n })];
    expect([...lastThroughEachSlot([first, second, other])]).toEqual([second, other]);
  });
});

describe("the attempts at a lock", () => {
  it("are told in order, and without those that failed", () => {
    const attempts = new LockAttempts();
    const [first, trial] = [attempt(), attempt({ outcome: "undecided", returnSlot: 0x7000n })];
    attempts.add(first);
    attempts.add(trial);
    expect(attempts.of(0x100n)).toEqual([first, trial]);
    expect(attempts.undecidedAt(0x7000n)).toBe(trial);
    attempts.failed(trial);
    expect(attempts.of(0x100n)).toEqual([first]);
    expect(attempts.undecidedAt(0x7000n)).toBeUndefined();
  });

  it("keep what a task has taken beside the many attempts of others", () => {
    const attempts = new LockAttempts();
    const taken = attempt({ pid: 1 });
    attempts.add(taken);
    for (let round = 0; round < 100; round++) attempts.add(attempt({ pid: 2 }));
    expect(attempts.of(0x100n)[0]).toBe(taken);
    expect(attempts.of(0x100n).length).toBeLessThan(10);
  });

  it("end as unknown when their return is not seen", () => {
    const attempts = new LockAttempts();
    const trial = attempt({ outcome: "undecided" });
    attempts.add(trial);
    attempts.abandon(0x1005n);
    expect(trial.outcome).toBe("unknown");
  });

  it("are forgotten with the memory of the lock", () => {
    const attempts = new LockAttempts();
    attempts.add(attempt({ lock: 0x100n }));
    attempts.add(attempt({ lock: 0x200n }));
    attempts.forget(0x100n, 0x200n);
    expect(attempts.all().map(({ lock }) => lock)).toEqual([0x200n]);
  });
});
