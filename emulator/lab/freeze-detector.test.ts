import { beforeEach, describe, expect, it } from "vitest";
import { FreezeDetector, type FreezeVerdict, type KernelSample } from "./freeze-detector.js";

const MIPS = 50_000; // instructions in a millisecond of guest time

let detector: FreezeDetector;
let now: KernelSample;

beforeEach(() => {
  detector = new FreezeDetector();
  now = {
    instructionPointer: 0xc100_0000,
    stackPointer: 0xc200_0000,
    privilegeLevel: 0,
    halted: false,
    interruptsEnabled: true,
    guestMs: 0,
    instructions: 0,
    inLockSlowPath: false,
    taskSwitches: 7,
  };
  detector.sample(now);
});

/** Executes kernel code for a while, sampled each 2 ms. */
function execute(
  ms: number,
  change: Partial<KernelSample> | ((step: number) => Partial<KernelSample>) = {},
  instructionsPerMs = MIPS,
): FreezeVerdict {
  for (let step = 0; step < ms / 2; step++) {
    now = {
      ...now,
      ...(typeof change === "function" ? change(step) : change),
      guestMs: now.guestMs + 2,
      instructions: now.instructions + 2 * instructionsPerMs,
    };
    detector.sample(now);
  }
  return detector.verdict;
}

describe("a spinning lock", () => {
  it("is frozen after 250 ms in the slow path", () => {
    expect(execute(248, { inLockSlowPath: true }).state).toBe("alive");
    const verdict = execute(4);
    expect(verdict).toMatchObject({ state: "frozen", freeze: { reason: "spinning-on-lock" } });
  });

  it("is seen through the timer interrupts that it serves", () => {
    const verdict = execute(400, (step) => ({ inLockSlowPath: step % 4 !== 0 }));
    expect(verdict).toMatchObject({ state: "frozen", freeze: { reason: "spinning-on-lock" } });
  });

  it("has its interrupts on, also when it is found in a handler, where they are off", () => {
    execute(248, { inLockSlowPath: true });
    const verdict = execute(4, { interruptsEnabled: false, inLockSlowPath: true });
    expect(verdict).toMatchObject({ state: "frozen", freeze: { interruptsEnabled: true } });
  });

  it("has its interrupts off when none were served for long", () => {
    execute(100, { inLockSlowPath: true });
    const verdict = execute(200, { interruptsEnabled: false, inLockSlowPath: true });
    expect(verdict).toMatchObject({ state: "frozen", freeze: { interruptsEnabled: false } });
  });

  it("is seen although the kernel prints meanwhile", () => {
    let verdict = detector.verdict;
    for (let round = 0; round < 10; round++) {
      verdict = execute(40, { inLockSlowPath: true });
      detector.output();
    }
    expect(verdict.state).toBe("frozen");
  });

  it("is not one when a program runs in between", () => {
    for (let round = 0; round < 20; round++) {
      execute(200, { inLockSlowPath: true, privilegeLevel: 0 });
      expect(execute(2, { inLockSlowPath: false, privilegeLevel: 3 }).state).toBe("alive");
    }
  });
});

describe("a halted processor", () => {
  it("is idle with interrupts on", () => {
    expect(execute(60_000, { halted: true }).state).toBe("alive");
  });

  it("is frozen at once with interrupts off", () => {
    expect(execute(2, { halted: true, interruptsEnabled: false })).toMatchObject({
      state: "frozen",
      freeze: { reason: "halted-with-interrupts-off" },
    });
  });
});

describe("a busy kernel", () => {
  it("asks for a sign of life, is stalled after 1 s and frozen after 8 s", () => {
    expect(execute(398).state).toBe("alive");
    expect(detector.wantsPing).toBe(false);
    expect(execute(4).state).toBe("alive");
    expect(detector.wantsPing).toBe(true);
    expect(execute(600).state).toBe("stalled");
    expect(execute(6900).state).toBe("stalled");
    expect(execute(200)).toMatchObject({ state: "frozen", freeze: { reason: "no-progress" } });
    expect(detector.wantsPing).toBe(false);
  });

  it("comes back from a stall with an answer", () => {
    expect(execute(4000).state).toBe("stalled");
    detector.answered();
    expect(execute(900).state).toBe("alive");
  });

  it("comes back from a stall with a task switch", () => {
    expect(execute(4000).state).toBe("stalled");
    expect(execute(2, { taskSwitches: 8 }).state).toBe("alive");
  });

  it("is alive as long as it prints", () => {
    for (let round = 0; round < 100; round++) {
      expect(execute(900).state).toBe("alive");
      detector.output();
    }
  });

  it("is not alive because the kernel reports, again and again, that it is stuck", () => {
    expect(execute(6500).state).toBe("stalled");
    detector.output();
    detector.reportedStuck();
    expect(execute(1000).state).toBe("stalled");
    detector.output();
    expect(execute(600)).toMatchObject({ state: "frozen", freeze: { reason: "no-progress" } });
  });

  it("is alive again when a task runs after such a report", () => {
    expect(execute(6500).state).toBe("stalled");
    detector.reportedStuck();
    expect(execute(2, { taskSwitches: 8 }).state).toBe("alive");
    expect(execute(900).state).toBe("alive");
    detector.output();
    expect(execute(900).state).toBe("alive");
  });

  it("is not stalled by a host that executes next to nothing", () => {
    expect(execute(5000, {}, 100).state).toBe("alive");
  });
});

it("stays frozen until it is reset", () => {
  execute(2, { halted: true, interruptsEnabled: false });
  expect(execute(10, { halted: false, interruptsEnabled: true, privilegeLevel: 3 }).state).toBe(
    "frozen",
  );
  detector.reset();
  expect(execute(10, { privilegeLevel: 3 }).state).toBe("alive");
});
