import { type Lab, type ReportJson, reportJson } from "../../lab/index.js";
import type { NamedBuildJson } from "../build/report-json.js";
import {
  type FreezeJson,
  freezeJson,
  type KernelLogJson,
  kernelLogJson,
  roundMs,
  type StepJson,
  stepJson,
} from "../json.js";
import type { RunReport } from "./module-run.js";
import { outcomeOf, type RunOutcome } from "./outcome.js";

/** What `kspace run --json` prints. */
export interface RunJson {
  /** The emulator and its version. */
  readonly engine: string;
  readonly arch: string;
  /** As `uname -r` prints it. */
  readonly kernel: string;
  readonly outcome: RunOutcome;
  /** What was built of C files; absent when nothing was. */
  readonly builds?: readonly NamedBuildJson[];
  readonly steps: readonly StepJson[];
  /** Since the guest was started. */
  readonly kernelLog: readonly KernelLogJson[];
  /** What the kernel reported of itself, decoded. */
  readonly reports: readonly ReportJson[];
  readonly freeze: FreezeJson | null;
  /** Host milliseconds. */
  readonly timings: { readonly startMs: number; readonly totalMs: number };
}

/** What `kspace run --json` prints when something could not be built, and so nothing was run. */
export interface NotBuiltJson {
  readonly outcome: "not-built";
  readonly builds: readonly NamedBuildJson[];
}

export function notBuiltJson(builds: readonly NamedBuildJson[]): NotBuiltJson {
  return { outcome: "not-built", builds };
}

export function runJson(
  lab: Pick<Lab, "machine" | "kernel">,
  { report, builds }: { readonly report: RunReport; readonly builds: readonly NamedBuildJson[] },
  freezeSymbol: string | undefined,
  timings: RunJson["timings"],
): RunJson {
  const { doom } = report;
  return {
    engine: lab.machine.engine,
    arch: lab.machine.arch,
    kernel: lab.kernel.release,
    outcome: outcomeOf(report),
    ...(builds.length > 0 && { builds }),
    steps: report.steps.map(({ command, result }) => stepJson(command, result)),
    kernelLog: kernelLogJson(report.kernelLog),
    reports: report.reports.map(reportJson),
    freeze:
      doom?.outcome === "frozen" ? freezeJson(doom.freeze, freezeSymbol, report.autopsy) : null,
    timings: { startMs: roundMs(timings.startMs), totalMs: roundMs(timings.totalMs) },
  };
}
