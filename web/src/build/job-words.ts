import { formatMs } from "../app/machine-text.js";
import { autopsyGist } from "../kernel/autopsy-words.js";
import type { ShownAutopsy } from "../shown-autopsies.js";
import type { ShownReport } from "../shown-reports.js";
import type { Job, JobEnd, JobStep, StepWhat } from "./job.js";
import { countProblems } from "./problems.js";

/** What is told of a job: code in the sentence stands between backquotes. */
export interface JobWords {
  readonly look: "busy" | "good" | "warning" | "danger" | "plain";
  readonly sentence: string;
}

/** What the machine has told of itself, of which some may have come of a job. */
export interface Told {
  readonly reports: readonly ShownReport[];
  readonly autopsies: readonly ShownAutopsy[];
}

const RUNNING: Readonly<Record<StepWhat["kind"], string>> = {
  build: "Building",
  rescue: "Rescuing the machine",
  snapshot: "Taking a snapshot",
  type: "Running",
};

/** What a step is, in words. */
export function stepName(what: StepWhat): string {
  switch (what.kind) {
    case "build":
      return `Build \`${what.file}\``;
    case "rescue":
      return "Rescue the machine";
    case "snapshot":
      return "Take a snapshot";
    case "type":
      return `\`${what.line}\``;
  }
}

/** How a job goes or has gone, as a sentence of some words. */
export function describeJob(job: Job, told: Told): JobWords {
  if (job.end === undefined) return { look: "busy", sentence: busySentence(job) };
  const { autopsy, report } = causedBy(job, told);
  if (autopsy !== undefined) return { look: "danger", sentence: autopsyGist(autopsy.autopsy) };
  if (report !== undefined) {
    return { look: "danger", sentence: `The kernel reports: ${report.decoded.report.title}.` };
  }
  return endWords(job.end, job.steps);
}

function busySentence({ steps, tookOver }: Job): string {
  const what = steps.findLast(({ state }) => state === "running")?.what;
  const name = what === undefined ? "Preparing" : RUNNING[what.kind];
  const object =
    what?.kind === "build" ? ` \`${what.file}\`` : what?.kind === "type" ? ` \`${what.line}\`` : "";
  return tookOver ? `${name}${object}; the job before it was cancelled` : `${name}${object}`;
}

function endWords(end: JobEnd, steps: readonly JobStep[]): JobWords {
  switch (end.kind) {
    case "built":
      return builtWords(steps);
    case "not-built":
      return { look: "danger", sentence: whyNotBuilt(steps) };
    case "ran":
      return end.hasTest
        ? { look: "good", sentence: `${lastLine(steps)} succeeded: exit status 0.` }
        : {
            look: "good",
            sentence: `${builtFiles(steps)} loaded. The folder has no test program.`,
          };
    case "not-loaded": {
      const said = steps.at(-1)?.lines?.at(-1);
      const sentence = "The module was not loaded";
      return {
        look: "danger",
        sentence: said === undefined ? `${sentence}.` : `${sentence}: ${said}`,
      };
    }
    case "test-failed":
      return { look: "danger", sentence: `${lastLine(steps)} failed: exit status ${end.status}.` };
    case "down":
      return { look: "danger", sentence: "The machine answers no more." };
    case "cancelled":
      return {
        look: "plain",
        sentence: end.byNewer ? "Cancelled: a newer build took its place." : "Cancelled.",
      };
    case "failed":
      return { look: "danger", sentence: end.why };
  }
}

function builtWords(steps: readonly JobStep[]): JobWords {
  const ms = steps.reduce((sum, step) => sum + (step.ms ?? 0), 0);
  const warnings = countAll(steps);
  const sentence = `Built ${builtFiles(steps)} in ${formatMs(ms)}`;
  return warnings === ""
    ? { look: "good", sentence: `${sentence}.` }
    : { look: "warning", sentence: `${sentence}, with ${warnings}.` };
}

/** The problems of all steps, counted; of what was built they are warnings. */
function countAll(steps: readonly JobStep[]): string {
  return countProblems(steps.flatMap(({ problems = [] }) => problems));
}

function builtFiles(steps: readonly JobStep[]): string {
  return steps
    .flatMap(({ what, state }) =>
      what.kind === "build" && state === "done" ? [`\`${what.file}\``] : [],
    )
    .join(", ");
}

function whyNotBuilt(steps: readonly JobStep[]): string {
  const last = steps.at(-1);
  if (last?.why !== undefined) return `Build failed. ${last.why}`;
  const counts = countProblems(last?.problems ?? []);
  if (last === undefined) return "Build failed: the Makefile is not understood.";
  return counts === "" ? "Build failed." : `Build failed with ${counts}.`;
}

function lastLine(steps: readonly JobStep[]): string {
  const what = steps.findLast((step) => step.what.kind === "type")?.what;
  return what?.kind === "type" ? `\`${what.line}\`` : "It";
}

/** What a screen reader says when a job begins, and when it is over. */
export function announcementOf(job: Job, told: Told): string {
  const { end, kind, tookOver, steps } = job;
  if (end === undefined) {
    const begun = kind === "build" ? "Building." : "Building and running.";
    return tookOver ? `The job before was cancelled. ${begun}` : begun;
  }
  const sentence = describeJob(job, told).sentence.replaceAll("`", "");
  if (end.kind === "built") {
    const warnings = countAll(steps);
    return warnings === "" ? "Build succeeded." : `Build succeeded with ${warnings}.`;
  }
  return end.kind === "ran" && end.hasTest ? `Run succeeded. ${sentence}` : sentence;
}

/** What is known of why a job went wrong in the kernel, as sentences; undefined for other jobs. */
export function toldOf(job: Job, told: Told): string | undefined {
  if (job.end === undefined) return undefined;
  const { autopsy, report } = causedBy(job, told);
  if (autopsy !== undefined) return autopsyGist(autopsy.autopsy);
  return report?.decoded.explanation.sentence;
}

/** What the kernel told of itself, or was found out about it, that came of a job. */
export function causedBy(
  { end, reportsBefore, reportsAtEnd = Number.POSITIVE_INFINITY }: Job,
  { reports, autopsies }: Told,
): { readonly report: ShownReport | undefined; readonly autopsy: ShownAutopsy | undefined } {
  // To open up a machine takes a moment, and so does decoding a report.
  const mayBeLate =
    end?.kind === "down" ||
    end?.kind === "not-loaded" ||
    (end?.kind === "test-failed" && end.status >= SIGNALED);
  const isOfJob = ({ id }: { readonly id: number }): boolean =>
    id > reportsBefore && (mayBeLate || id <= reportsAtEnd);
  return {
    report: reports.find(isOfJob),
    autopsy: end?.kind === "down" ? autopsies.find(isOfJob) : undefined,
  };
}

/** What a shell adds to a signal's number (POSIX, XCU 2.8.2: greater than 128). */
const SIGNALED = 129;
