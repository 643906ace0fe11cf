import type { Diagnostic, FinishedModule, FinishedProgram } from "../../lab/index.js";
import { roundMs } from "../json.js";
import type { Finished } from "./finished.js";

/** A message about a source, as `--json` shows it. */
export interface DiagnosticJson {
  readonly severity: Diagnostic["severity"];
  readonly message: string;
  /** Null for a message about no place in a file; so `line` and `column`, which count from 1. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** Such as `-Wunused-variable`. */
  readonly option: string | null;
  /** Names that may have been meant. */
  readonly suggestions: readonly string[];
  /** What helps against it, where that is not in the message. */
  readonly advice: string | null;
  /** What the compiler adds to it. */
  readonly notes: readonly DiagnosticJson[];
}

/** How one module or program was built, as `--json` shows it. */
export interface BuildJson {
  readonly outcome: (FinishedModule | FinishedProgram)["outcome"];
  /** The file that was written; null when there is none. */
  readonly path: string | null;
  /** In which step the build ended; null when it went well or ran out of time. */
  readonly step: "compile" | "merge" | "modpost" | "link" | null;
  readonly diagnostics: readonly DiagnosticJson[];
  /** What compiler, modpost and linker wrote. */
  readonly output: string;
  /** Why it came to no proper end; null otherwise. */
  readonly reason: string | null;
  /** Host milliseconds. */
  readonly ms: number;
}

/** The same where several things were built. */
export interface NamedBuildJson extends BuildJson {
  readonly name: string;
}

/** @param path of the file that a build that went well has made */
export function buildJson(
  { build, ms }: Finished<FinishedModule | FinishedProgram>,
  path: string,
): BuildJson {
  return {
    outcome: build.outcome,
    path: build.outcome === "built" ? path : null,
    step: "step" in build ? build.step : null,
    diagnostics: "diagnostics" in build ? diagnosticsJson(build.diagnostics) : [],
    output: "output" in build ? build.output : "",
    reason:
      "reason" in build
        ? build.reason
        : build.outcome === "timed-out"
          ? `it took longer than ${build.afterMs} ms`
          : null,
    ms: roundMs(ms),
  };
}

/** Puts notes to what they are about: the message in front of them. */
function diagnosticsJson(diagnostics: readonly Diagnostic[]): DiagnosticJson[] {
  const found: (DiagnosticJson & { notes: DiagnosticJson[] })[] = [];
  for (const { severity, message, place, option, suggestions, advice } of diagnostics) {
    const json = {
      severity,
      message,
      file: place?.file ?? null,
      line: place?.line ?? null,
      column: place?.column ?? null,
      option: option ?? null,
      suggestions: suggestions ?? [],
      advice: advice ?? null,
      notes: [],
    };
    const about = found.at(-1);
    if (severity === "note" && about !== undefined) about.notes.push(json);
    else found.push(json);
  }
  return found;
}
