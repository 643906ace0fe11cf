import { describe, expect, it } from "vitest";
import type { Autopsy, LabReport } from "../../../emulator/lab/index.js";
import type { Job, JobEnd, JobStep } from "./job.js";
import { announcementOf, describeJob, stepName, type Told, toldOf } from "./job-words.js";
import type { Problem } from "./problems.js";

const NOTHING: Told = { reports: [], autopsies: [] };
const BUILD = { kind: "build", file: "hello.ko" } as const;
const TEST = { kind: "type", line: "./a.out" } as const;

function problem(severity: Problem["severity"]): Problem {
  return { severity, message: "", notes: [], suggestions: [] };
}

function job(end: JobEnd | undefined, steps: readonly JobStep[], more: Partial<Job> = {}): Job {
  return {
    kind: "run",
    folder: "/home/student/2-fops",
    steps,
    tookOver: false,
    reportsBefore: 3,
    ...(end !== undefined && { end, reportsAtEnd: 4 }),
    ...more,
  };
}

const words = (...given: Parameters<typeof job>) => describeJob(job(...given), NOTHING);

const built: JobStep = { what: BUILD, state: "done", ms: 610 };
const ran: JobStep = { what: TEST, state: "done", ms: 20 };

describe("a job that goes on", () => {
  it("says what it is doing", () => {
    expect(words(undefined, [])).toEqual({ look: "busy", sentence: "Preparing" });
    expect(words(undefined, [{ what: BUILD, state: "running" }]).sentence).toBe(
      "Building `hello.ko`",
    );
    expect(words(undefined, [built, { what: TEST, state: "running" }]).sentence).toBe(
      "Running `./a.out`",
    );
    expect(words(undefined, [{ what: { kind: "rescue" }, state: "running" }]).sentence).toBe(
      "Rescuing the machine",
    );
  });

  it("says that it took another one's place", () => {
    const taken = words(undefined, [{ what: BUILD, state: "running" }], { tookOver: true });
    expect(taken.sentence).toBe("Building `hello.ko`; the job before it was cancelled");
  });
});

describe("a job that is over", () => {
  it.each<[JobEnd, readonly JobStep[], string, string]>([
    [{ kind: "built" }, [built], "good", "Built `hello.ko` in 610 ms."],
    [
      { kind: "built" },
      [{ ...built, problems: [problem("warning")] }],
      "warning",
      "Built `hello.ko` in 610 ms, with 1 warning.",
    ],
    [
      { kind: "not-built" },
      [{ what: BUILD, state: "failed", problems: [problem("error"), problem("error")] }],
      "danger",
      "Build failed with 2 errors.",
    ],
    [
      { kind: "not-built" },
      [{ what: BUILD, state: "failed", why: "It was ended after 60 s." }],
      "danger",
      "Build failed. It was ended after 60 s.",
    ],
    [{ kind: "not-built" }, [], "danger", "Build failed: the Makefile is not understood."],
    [{ kind: "ran", hasTest: true }, [built, ran], "good", "`./a.out` succeeded: exit status 0."],
    [
      { kind: "ran", hasTest: false },
      [built],
      "good",
      "`hello.ko` loaded. The folder has no test program.",
    ],
    [
      { kind: "not-loaded" },
      [{ what: TEST, state: "failed", lines: ["insmod: can't insert"] }],
      "danger",
      "The module was not loaded: insmod: can't insert",
    ],
    [
      { kind: "test-failed", status: 1 },
      [built, { ...ran, state: "failed" }],
      "danger",
      "`./a.out` failed: exit status 1.",
    ],
    [{ kind: "down" }, [ran], "danger", "The machine answers no more."],
    [{ kind: "cancelled", byNewer: false }, [], "plain", "Cancelled."],
    [{ kind: "cancelled", byNewer: true }, [], "plain", "Cancelled: a newer build took its place."],
    [{ kind: "failed", why: "The network is gone." }, [], "danger", "The network is gone."],
  ])("%o", (end, steps, look, sentence) => {
    expect(words(end, steps)).toEqual({ look, sentence });
  });

  it("tells what the kernel reported under it, and nothing of before or after", () => {
    const report = (id: number, title: string) => ({
      id,
      isPast: false,
      decoded: { report: { title } } as LabReport,
    });
    const reports = [report(3, "old"), report(4, "BUG in hello_write"), report(5, "later")];
    const told = { reports, autopsies: [] };
    const sentence = "The kernel reports: BUG in hello_write.";
    const end = { kind: "test-failed", status: 139 } as const;
    expect(describeJob(job(end, [ran]), told)).toEqual({ look: "danger", sentence });
    expect(describeJob(job({ kind: "ran", hasTest: true }, [ran]), told).sentence).toBe(sentence);
    // It was killed, so the report is still being decoded.
    const late = { reports: [report(3, "old"), report(5, "later")], autopsies: [] };
    expect(describeJob(job(end, [ran]), late).sentence).toBe("The kernel reports: later.");
    expect(describeJob(job({ kind: "ran", hasTest: true }, [ran]), late).look).toBe("good");
  });

  it("tells what was found in a machine that froze under it", () => {
    const autopsy = { sentence: "It spins.", holder: undefined } as unknown as Autopsy;
    const told = { reports: [], autopsies: [{ id: 6, autopsy, isPast: true }] };
    expect(describeJob(job({ kind: "down" }, [ran]), told).sentence).toBe("It spins.");
    expect(toldOf(job({ kind: "down" }, [ran]), told)).toBe("It spins.");
    expect(toldOf(job({ kind: "built" }, [ran]), told)).toBeUndefined();
    expect(toldOf(job(undefined, [ran]), told)).toBeUndefined();
    expect(describeJob(job({ kind: "built" }, [built]), told).look).toBe("good");
  });
});

it("a screen reader is told of the beginning and the end", () => {
  const said = (...given: Parameters<typeof job>) => announcementOf(job(...given), NOTHING);
  expect(said(undefined, [])).toBe("Building and running.");
  expect(said(undefined, [], { kind: "build", tookOver: true })).toBe(
    "The job before was cancelled. Building.",
  );
  const errors = [problem("error"), problem("error")];
  expect(said({ kind: "not-built" }, [{ what: BUILD, state: "failed", problems: errors }])).toBe(
    "Build failed with 2 errors.",
  );
  expect(said({ kind: "built" }, [built])).toBe("Build succeeded.");
  expect(said({ kind: "built" }, [{ ...built, problems: [problem("warning")] }])).toBe(
    "Build succeeded with 1 warning.",
  );
  expect(said({ kind: "ran", hasTest: true }, [ran])).toBe(
    "Run succeeded. ./a.out succeeded: exit status 0.",
  );
});

it("a step is called what it does", () => {
  expect(stepName(BUILD)).toBe("Build `hello.ko`");
  expect(stepName(TEST)).toBe("`./a.out`");
  expect(stepName({ kind: "rescue" })).toBe("Rescue the machine");
  expect(stepName({ kind: "snapshot" })).toBe("Take a snapshot");
});
