import type { KernelRecord } from "../../console/index.js";
import type { Checkpoint } from "../checkpoint.js";
import type { Freeze } from "../freeze-detector.js";
import type { Lab } from "../lab.js";
import type { CommandResult } from "../outcome.js";
import type { LabReport } from "../report-decoder.js";
import type { GuestState } from "./checks.js";
import { type CourseSection, type CourseStep, STEP_LIMIT_MS } from "./section.js";

/** A step as it went. */
export interface StepReport {
  readonly step: CourseStep;
  /** The folder it was typed in, with `~` for the student's home. */
  readonly folder: string;
  readonly result: CommandResult;
  readonly stdout: string;
  readonly stderr: string;
  readonly kernelLog: readonly KernelRecord[];
  /** Host milliseconds from the start of the rescue until its command had answered. */
  readonly rescueMs?: number;
  /** Empty when everything was as the course says. */
  readonly problems: readonly string[];
}

/** A section as it went. It ends with the first step that did not go as the course says. */
export interface SectionReport {
  readonly section: CourseSection;
  readonly ok: boolean;
  readonly steps: readonly StepReport[];
  /** Everything that the kernel logged during the section. */
  readonly kernelLog: readonly KernelRecord[];
  /** What the kernel reported of itself during the section. */
  readonly reports: readonly LabReport[];
  readonly freeze: Freeze | undefined;
  readonly rescueMs: number | undefined;
  readonly problems: readonly string[];
}

export interface SectionOptions {
  /** A guest with nothing loaded; each section begins there. */
  readonly checkpoint: Checkpoint;
  readonly signal?: AbortSignal;
  /** Called before a step is typed. */
  readonly onStep?: (step: CourseStep, folder: string) => void;
  /** Called after a step; the next one waits for it. */
  readonly onReport?: (report: StepReport) => Promise<void> | void;
  /** The host's time in milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

const HOME = "/home/student";

/**
 * Does a section of the course as a student would, and compares what happens with what the
 * course says.
 * @throws the reason of `signal` when it is aborted, LabError when the lab is closed.
 */
export async function runSection(
  lab: Lab,
  section: CourseSection,
  options: SectionOptions,
): Promise<SectionReport> {
  await lab.restore(options.checkpoint);
  const kernelLog: KernelRecord[] = [];
  const listening = lab.onKernelRecord((record) => kernelLog.push(record));
  try {
    const steps: StepReport[] = [];
    let folder = "~";
    for (const step of section.steps) {
      if (step.kind === "rescue") folder = "~"; // The guest's shell is where it was then.
      options.onStep?.(step, folder);
      const report = await runStep(lab, step, folder, kernelLog, options);
      await options.onReport?.(report);
      steps.push(report);
      if (report.problems.length > 0) break;
      folder = folderAfter(step.command, folder);
    }
    return summarize(section, steps, kernelLog);
  } finally {
    listening[Symbol.dispose]();
  }
}

async function runStep(
  lab: Lab,
  step: CourseStep,
  folder: string,
  sectionLog: readonly KernelRecord[],
  options: SectionOptions,
): Promise<StepReport> {
  const now = options.now ?? (() => performance.now());
  const logStart = sectionLog.length;
  const start = now();
  if (step.kind === "rescue") await lab.restore(options.checkpoint);
  const result = await lab.sh(step.command, {
    user: "student",
    cwd: folder.replace("~", HOME),
    timeoutMs: STEP_LIMIT_MS,
    ...(options.signal && { signal: options.signal }),
  });
  const answeredMs = now() - start;
  options.signal?.throwIfAborted();
  const report = {
    step,
    folder,
    result,
    stdout: decode(result.stdout),
    stderr: decode(result.stderr),
    kernelLog: sectionLog.slice(logStart),
    ...(step.kind === "rescue" && { rescueMs: answeredMs }),
  };
  const problems: string[] = [];
  for (const check of step.checks) {
    const problem = await check({ ...report, lookIntoGuest: () => lookIntoGuest(lab) });
    if (problem !== undefined) problems.push(problem);
  }
  return { ...report, problems };
}

/** Asks a second program, which knows nothing of the step. */
async function lookIntoGuest(lab: Lab): Promise<GuestState | undefined> {
  const args = ["-ld", "/sys/module/hello", "/dev/hello"];
  const result = await lab.run("/bin/ls", { args, timeoutMs: STEP_LIMIT_MS });
  if (result.outcome !== "exited") return undefined;
  const seen = decode(result.stdout);
  return {
    hasHelloModule: /^d.* \/sys\/module\/hello$/m.test(seen),
    hasHelloDevice: /^c.* \/dev\/hello$/m.test(seen),
  };
}

function summarize(
  section: CourseSection,
  steps: readonly StepReport[],
  kernelLog: readonly KernelRecord[],
): SectionReport {
  const problems = steps.flatMap(({ step, problems }) =>
    problems.map((problem) => `${step.command}: ${problem}`),
  );
  const freezes = steps.flatMap(({ result }) =>
    result.outcome === "frozen" ? [result.freeze] : [],
  );
  return {
    section,
    ok: problems.length === 0,
    steps,
    kernelLog: [...kernelLog],
    reports: steps.flatMap(({ result }) => result.reports),
    freeze: freezes[0],
    rescueMs: steps.find(({ rescueMs }) => rescueMs !== undefined)?.rescueMs,
    problems,
  };
}

/** Where the shell is after a command: only a `cd` of its own line moves it. */
function folderAfter(command: string, folder: string): string {
  return /^cd (~\S*)$/.exec(command)?.[1] ?? folder;
}

/** Invalid bytes become U+FFFD; a byte order mark is text like any other. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
