import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { visible } from "../../../emulator/reports/text-layout.js";
import { formatMs } from "../app/machine-text.js";
import { Icon, type IconName } from "../icons.js";
import { Sentence } from "../kernel/sentence.js";
import { CompilerOutput } from "./compiler-output.js";
import type { Job, JobStep, StepState } from "./job.js";
import "./job-steps.css";
import { stepName } from "./job-words.js";
import { ProblemList } from "./problem-list.js";

/** What goes on has a ring that turns in place of an icon. */
const MARKS: Readonly<
  Record<StepState, { readonly icon: IconName | undefined; readonly word: string }>
> = {
  running: { icon: undefined, word: "Now" },
  done: { icon: "check", word: "Done" },
  failed: { icon: "error", word: "Failed" },
  cancelled: { icon: "none", word: "Cancelled" },
};

/** A job step by step, each with what was said in it, and what the kernel told behind the last. */
export function JobSteps({
  job,
  told,
}: {
  readonly job: Job;
  readonly told: string | undefined;
}): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const { steps } = job;
  const last = steps.at(-1);
  // The first of its problems counts, and is in sight already.
  const hasProblems = (last?.problems ?? []).length > 0;
  useEffect(() => {
    if (!hasProblems) list.current?.lastElementChild?.scrollIntoView({ block: "nearest" });
  }, [steps.length, last?.state, last?.lines?.length, told, hasProblems]);
  return (
    <ol class="job-steps" ref={list}>
      {steps.map((step, index) => (
        <Step
          key={index}
          step={step}
          folder={job.folder}
          told={index === steps.length - 1 ? told : undefined}
        />
      ))}
    </ol>
  );
}

function Step({
  step,
  folder,
  told,
}: {
  readonly step: JobStep;
  readonly folder: string;
  readonly told: string | undefined;
}): JSX.Element {
  const { what, state, ms, detail, why, problems = [], output = "", lines = [] } = step;
  const { icon, word } = MARKS[state];
  return (
    <li class="job-step" data-state={state}>
      <div class="job-step__head">
        <span class="job-step__mark">
          {icon === undefined ? <span class="build-ring" /> : <Icon name={icon} />}
          <span class="visually-hidden">{word}:</span>
        </span>
        <span class="job-step__name">
          {what.kind === "type" && (
            <span class="job-step__prompt" aria-hidden="true">
              ${" "}
            </span>
          )}
          <Sentence text={stepName(what)} />
        </span>
        {detail !== undefined && <span class="job-step__detail">{detail}</span>}
        {ms !== undefined && <span class="job-step__time">{formatMs(ms)}</span>}
      </div>
      {why !== undefined && <p class="job-step__why">{visible(why)}</p>}
      {problems.length > 0 && <ProblemList problems={problems} folder={folder} />}
      {output !== "" && <CompilerOutput text={output} />}
      {lines.length > 0 && <Printed lines={lines} leftOut={step.linesLeftOut ?? 0} />}
      {told !== undefined && (
        <p class="job-step__told">
          <Sentence text={told} />
        </p>
      )}
    </li>
  );
}

function Printed({
  lines,
  leftOut,
}: {
  readonly lines: readonly string[];
  readonly leftOut: number;
}): JSX.Element {
  return (
    <pre class="job-step__printed">
      {lines.map(visible).join("\n")}
      {leftOut > 0 && `\n… and ${leftOut} lines more, in the terminal`}
    </pre>
  );
}
