import { type CommandResult, isOops } from "../../lab/index.js";
import { explainEnding } from "../ending-text.js";
import type { RunReport, RunStep } from "./module-run.js";

/** How a run went, from best to worst; what is worst of all its steps is the outcome. */
const OUTCOMES = ["ok", "failed", "timeout", "oops", "frozen", "panic", "dead"] as const;

export type RunOutcome = (typeof OUTCOMES)[number];

export function outcomeOf(report: RunReport): RunOutcome {
  const outcomes = report.steps.map(({ result }) => outcomeOfCommand(result));
  // Also an oops of which no program of ours has died: in a kernel thread, for example.
  if (report.reports.some(({ report }) => isOops(report))) outcomes.push("oops");
  if (report.doom !== undefined) outcomes.push(report.doom.outcome);
  const worst = Math.max(0, ...outcomes.map((outcome) => OUTCOMES.indexOf(outcome)));
  return OUTCOMES[worst] ?? "ok";
}

function outcomeOfCommand(result: CommandResult): RunOutcome {
  switch (result.outcome) {
    case "exited":
      return result.exitCode === 0 ? "ok" : "failed";
    case "oops":
    case "panic":
    case "frozen":
    case "dead":
    case "timeout":
      return result.outcome;
    default:
      return "failed";
  }
}

/** Why the outcome is not `ok`, one line for each thing that went wrong. */
export function explain(report: RunReport): string[] {
  const lines = report.steps.flatMap(explainStep);
  const oops = report.reports.find(({ report }) => isOops(report));
  const isTold = report.steps.some(({ result }) => result.outcome === "oops");
  if (oops !== undefined && !isTold) lines.push(`The kernel oopsed: ${oops.report.message}`);
  return lines;
}

function explainStep({ command, result, unknownSymbols }: RunStep): string[] {
  const missing = unknownSymbols.map(
    (symbol) =>
      `${command} needs the symbol ${symbol}, which neither the kernel nor a module ` +
      "loaded before it exports.",
  );
  const ending = explainEnding(result);
  return ending === undefined ? missing : [`${command} ${ending}`, ...missing];
}
