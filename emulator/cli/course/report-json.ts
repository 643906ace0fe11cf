import {
  type CourseReport,
  type Lab,
  type ReportJson,
  reportJson,
  type SectionReport,
} from "../../lab/index.js";
import {
  type FreezeJson,
  freezeJson,
  type KernelLogJson,
  kernelLogJson,
  roundMs,
  type StepJson,
  stepJson,
} from "../json.js";

/** What `kspace course --json` prints. */
export interface CourseJson {
  /** The emulator and its version. */
  readonly engine: string;
  readonly arch: string;
  /** As `uname -r` prints it. */
  readonly kernel: string;
  readonly sections: readonly SectionJson[];
  readonly ok: boolean;
  /** Host milliseconds. */
  readonly timings: { readonly startMs: number; readonly totalMs: number };
}

export interface SectionJson {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  readonly steps: readonly StepJson[];
  readonly kernelLog: readonly KernelLogJson[];
  /** What the kernel reported of itself, decoded. */
  readonly reports: readonly ReportJson[];
  readonly freeze?: FreezeJson;
  /** Host milliseconds from the start of the rescue until a command had answered. */
  readonly rescueMs?: number;
  /** What did not go as the course says. */
  readonly problems: readonly string[];
}

export function courseJson(
  lab: Pick<Lab, "machine" | "kernel">,
  report: CourseReport,
  freezeSymbol: string | undefined,
  timings: CourseJson["timings"],
): CourseJson {
  return {
    engine: lab.machine.engine,
    arch: lab.machine.arch,
    kernel: lab.kernel.release,
    sections: report.sections.map((section) => sectionJson(section, freezeSymbol)),
    ok: report.ok,
    timings: { startMs: roundMs(timings.startMs), totalMs: roundMs(timings.totalMs) },
  };
}

function sectionJson(report: SectionReport, freezeSymbol: string | undefined): SectionJson {
  const { section, freeze, rescueMs } = report;
  const autopsy = report.steps.find(({ result }) => result.outcome === "frozen")?.result.autopsy;
  return {
    id: section.id,
    title: section.title,
    ok: report.ok,
    steps: report.steps.map(({ step, result }) => stepJson(step.command, result)),
    kernelLog: kernelLogJson(report.kernelLog),
    reports: report.reports.map(reportJson),
    ...(freeze && { freeze: freezeJson(freeze, freezeSymbol, autopsy) }),
    ...(rescueMs !== undefined && { rescueMs: roundMs(rescueMs) }),
    problems: report.problems,
  };
}
