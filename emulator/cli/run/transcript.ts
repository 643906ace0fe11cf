import { autopsyLines, blockedTaskLines, type LabReport } from "../../lab/index.js";
import { describeFreeze } from "../ending-text.js";
import { kernelLines } from "../kernel-lines.js";
import { missingLines, reportLines } from "../report-text.js";
import type { Printer, TextSink } from "../streams.js";
import type { Style } from "../terminal-style.js";
import { formatDuration, wrapLine } from "../text-layout.js";
import type { RunObserver, RunReport, RunStep } from "./module-run.js";
import { explain, outcomeOf } from "./outcome.js";

/** Prints a run as it goes: each command, what it prints, and what the kernel says. */
export class RunTranscript implements RunObserver {
  readonly #printer: Printer;
  readonly #stderr: TextSink;
  readonly #style: Style;

  constructor(printer: Printer, stderr: TextSink, style: Style) {
    this.#printer = printer;
    this.#stderr = stderr;
    this.#style = style;
  }

  readonly onCommand = (command: string): void => {
    this.#printer.line(this.#style("bold", `# ${command}`));
  };

  readonly onStdout = (bytes: Uint8Array): void => this.#printer.bytes(bytes);

  readonly onStderr = (bytes: Uint8Array): void => {
    this.#stderr.write(bytes);
  };

  readonly onStep = ({ kernelLog }: RunStep): void => {
    for (const line of kernelLines(kernelLog, this.#style, this.#printer.width)) {
      this.#printer.line(line);
    }
  };

  verdict(report: RunReport, freezeSymbol: string | undefined, totalMs: number): void {
    const outcome = outcomeOf(report);
    const look = outcome === "ok" ? "green" : "red";
    this.#printer.line();
    this.#printer.line(
      `${this.#style("bold", this.#style(look, outcome))} in ${formatDuration(totalMs)}`,
    );
    for (const line of explain(report)) this.#sentence(line);
    for (const decoded of report.reports) this.#report(decoded);
    if (report.doom?.outcome === "frozen") {
      for (const line of describeFreeze(report.doom.freeze, freezeSymbol)) this.#sentence(line);
    }
    for (const { result } of report.steps) {
      if (result.outcome !== "timeout") continue;
      const blocked = result.autopsy?.blocked ?? [];
      this.#printer.block(blockedTaskLines(blocked, { style: this.#style }).slice(1));
    }
    if (report.autopsy) this.#printer.block(autopsyLines(report.autopsy, { style: this.#style }));
  }

  #report(decoded: LabReport): void {
    this.#printer.block([
      ...reportLines(decoded, this.#style),
      ...missingLines(decoded.missing, this.#style),
    ]);
  }

  #sentence(text: string): void {
    for (const line of wrapLine(text, this.#printer.width, 2)) this.#printer.line(line);
  }
}
