import { describe, expect, it } from "vitest";
import type { GuestTask, LockWord, StackTrace } from "../../guest/index.js";
import type { Lock } from "./autopsy.js";
import { type HolderContext, type HolderLog, holderEvidence } from "./holder-evidence.js";
import type { AttemptingTask, LockAttempt } from "./lock-attempt.js";
import { attemptOf } from "./test-support/lock-attempt.js";

const SPINLOCK: Lock = { address: 0x100n, type: "spinlock_t", name: "lock", module: "m" };
const RW_SEMAPHORE: Lock = { ...SPINLOCK, type: "struct rw_semaphore" };
const MUTEX: Lock = { ...SPINLOCK, type: "struct mutex" };

const TAKEN: LockWord = {
  kind: "spinlock",
  value: 0x101,
  locked: true,
  pending: true,
  tailCpu: undefined,
};
const FREE: LockWord = { ...TAKEN, value: 0, locked: false, pending: false };
const READ: LockWord = {
  kind: "rw_semaphore",
  writeLocked: false,
  readers: 1,
  owner: undefined,
  ownedByReaders: true,
  waiters: [],
  missing: [],
};

function task(pid: number, address = BigInt(pid)): AttemptingTask {
  return { address, pid, processId: pid, command: `task${pid}`, isKernelThread: false };
}

let sequence = 0;

function attempt(by: AttemptingTask, changes: Partial<LockAttempt> = {}): LockAttempt {
  sequence++;
  return attemptOf(by, {
    callee: "_raw_spin_lock",
    returnSlot: 0x8000n + by.address * 0x1000n,
    sequence: sequence - 1,
    guestMs: sequence,
    ...changes,
  });
}

/** The stack of a task that is in the middle of an attempt. */
function waitingIn({ returnSlot, returnTo }: LockAttempt): StackTrace {
  const frame = {
    instructionPointer: returnTo,
    isReturnAddress: true,
    foundAt: returnSlot,
    framePointer: undefined,
    reliable: true,
  };
  return { frames: [frame], end: { kind: "start" }, stacks: [] };
}

function context(
  word: LockWord,
  attempts: readonly LockAttempt[],
  log: Partial<HolderLog> = {},
  stacks: ReadonlyMap<AttemptingTask, StackTrace> = new Map(),
): HolderContext {
  return {
    log: {
      attempts: () => attempts,
      allAttempts: () => attempts,
      modules: [],
      unfollowed: [],
      gapsSince: () => [],
      ...log,
    },
    stackOf: (of) => stacks.get(of),
    readLock: () => word,
  };
}

describe("a lock's holder", () => {
  it("is who took it last, and not who waits for it", () => {
    const [first, second] = [attempt(task(1)), attempt(task(2))];
    const waits = new Map([[second.task, waitingIn(second)]]);
    expect(holderEvidence(SPINLOCK, context(TAKEN, [first, second], {}, waits))).toMatchObject({
      kind: "known",
      attempt: first,
    });
  });

  it("has ended, and the one who waits has its memory and stack", () => {
    const [ended, heir] = [task(1, 7n), task(2, 7n)];
    const taken = attempt(ended);
    const waiting = attempt(heir, { returnSlot: taken.returnSlot - 4n });
    const waits = new Map([[heir, waitingIn(waiting)]]);
    expect(holderEvidence(SPINLOCK, context(TAKEN, [taken, waiting], {}, waits))).toMatchObject({
      kind: "known",
      task: ended,
    });
  });

  it("took it by the same call, through the same place, before it waited there", () => {
    const by = task(1);
    const [taken, waiting] = [attempt(by), attempt(by)];
    const waits = new Map([[by, waitingIn(waiting)]]);
    expect(holderEvidence(SPINLOCK, context(TAKEN, [taken, waiting], {}, waits))).toMatchObject({
      kind: "known",
      attempt: taken,
    });
  });

  it("is the owner that a mutex names, whoever was seen to take it", () => {
    const owner: GuestTask = {
      address: 1n,
      pid: 1,
      tgid: 1,
      comm: "now",
      state: "S",
      stateWord: 1,
      flags: 0,
      kernelThread: false,
      cpu: 0,
      onCpu: false,
      mm: undefined,
      stack: { start: 0n, end: 0n },
    };
    const word: LockWord = {
      kind: "mutex",
      locked: true,
      owner: { address: 1n, task: owner },
      flags: 1,
      waiters: [],
      missing: [],
    };
    const taken = attempt(task(1), { callee: "mutex_lock" });
    const later = attempt(task(2), { callee: "mutex_lock" });
    expect(holderEvidence(MUTEX, context(word, [taken, later]))).toMatchObject({
      kind: "known",
      attempt: taken,
    });
    expect(holderEvidence(MUTEX, context(word, []))).toMatchObject({
      kind: "known",
      task: { pid: 1, command: "now" },
      attempt: undefined,
    });
  });
});

describe("it cannot be told who has a lock", () => {
  const reasons: readonly (readonly [string, Lock, HolderContext, RegExp])[] = [
    ["that nobody has", SPINLOCK, context(FREE, [attempt(task(1))]), /nobody has it/],
    ["without a log", SPINLOCK, { ...context(TAKEN, []), log: undefined }, /were not followed/],
    ["that nobody was seen to take", SPINLOCK, context(TAKEN, []), /no module was seen/],
    [
      "of a module that is not followed",
      SPINLOCK,
      context(TAKEN, [], {
        unfollowed: [{ name: "m", address: 0n, why: "its file is not at hand" }],
      }),
      /the locks of `m` were not followed, because its file is not at hand/,
    ],
    [
      "when the last calls were too many to follow",
      SPINLOCK,
      context(TAKEN, [attempt(task(1))], {
        gapsSince: () => [
          { module: "m", site: 1n, type: "spinlock_t", fromMs: 1234, toMs: undefined },
        ],
      }),
      /`m` took locks so often .* 1\.234 s/,
    ],
    [
      "when the last call may have failed",
      SPINLOCK,
      context(TAKEN, [attempt(task(1), { callee: "_raw_spin_trylock", outcome: "unknown" })]),
      /whether `_raw_spin_trylock\(\)` returned with it/,
    ],
    [
      "that several have taken to read",
      RW_SEMAPHORE,
      context(READ, [
        attempt(task(1), { callee: "down_read" }),
        attempt(task(2), { callee: "down_read" }),
      ]),
      /2 tasks have taken it/,
    ],
  ];

  it.each(reasons)("%s", (_, lock, given, reason) => {
    const evidence = holderEvidence(lock, given);
    expect(evidence).toMatchObject({ kind: "unknown", reason: expect.stringMatching(reason) });
  });
});
