import {
  autopsySummary,
  type CommandResult,
  type CourseReport,
  type CourseSection,
  type Lab,
  type SectionReport,
  type StepReport,
} from "../../lab/index.js";
import { describeFreeze, explainEnding } from "../ending-text.js";
import { kernelLines } from "../kernel-lines.js";
import { reportSummary } from "../report-text.js";
import type { Printer } from "../streams.js";
import type { Look, Style } from "../terminal-style.js";
import { formatDuration, visible, wrapLine, wrapProse } from "../text-layout.js";
import type { CourseJson } from "./report-json.js";

/** The width of our own prose and rules, on every terminal and in a pipe. */
const PAGE_WIDTH = 80;
/** A longer burst of the kernel's is cut off here: `dmesg` in the next step shows it all. */
const MAX_KERNEL_LINES = 6;

const ABOUT_32_BITS =
  "This is a real kernel, and a 32-bit one. The course's text shows a trace of an x86-64 " +
  "kernel: where that has do_syscall_64 and entry_SYSCALL_64_after_hwframe, this one has " +
  "do_SYSENTER_32 and entry_SYSENTER_32, or do_int80_syscall_32 and entry_INT80_32.";

/** Prints the course as a session at the guest's terminal, with the kernel's own lines. */
export class CourseTranscript {
  readonly #printer: Printer;
  readonly #style: Style;

  constructor(printer: Printer, style: Style) {
    this.#printer = printer;
    this.#style = style;
  }

  opening(lab: Lab): void {
    const { arch, engine, memoryBytes } = lab.machine;
    this.#printer.line(this.#style("bold", "Kernel-space programming, in four sections"));
    this.#printer.line();
    this.#printer.line(
      `Linux ${lab.kernel.release}, ${arch}, on ${engine} with ${memoryBytes / 2 ** 20} MiB`,
    );
    if (arch === "i686") this.#prose(ABOUT_32_BITS);
  }

  section({ number, title, introduction }: CourseSection): void {
    const heading = `${number}. ${title} `;
    this.#printer.line();
    this.#printer.line(
      `${this.#style("bold", heading)}${this.#style("dim", "─".repeat(PAGE_WIDTH - heading.length))}`,
    );
    this.#prose(introduction);
    this.#printer.line();
  }

  /** @param freezeSymbol the function that the machine froze in, if it did. */
  step(report: StepReport, freezeSymbol: string | undefined): void {
    const { step, folder, result, stdout, stderr, kernelLog, rescueMs } = report;
    const prompt = `${this.#style("green", "student@kspace")}:${this.#style("blue", folder)}$`;
    this.#printer.line(this.#style("yellow", `# ${step.title}`));
    if (rescueMs !== undefined) {
      const took = `The machine is back: it answered after ${formatDuration(rescueMs)}.`;
      this.#prose(took, "green");
    }
    this.#printer.line(`${prompt} ${this.#style("bold", step.command)}`);
    const isDiff = step.command.endsWith(".patch");
    for (const line of lines(stdout)) this.#outputLine(line, isDiff ? diffLook(line) : undefined);
    for (const line of lines(stderr)) this.#outputLine(line);
    this.#kernel(kernelLines(kernelLog, this.#style, this.#printer.width));
    for (const line of endingOf(result, freezeSymbol)) this.#prose(line, "red");
    for (const decoded of result.reports) this.#printer.block(reportSummary(decoded, this.#style));
    if (result.autopsy) this.#printer.block(autopsySummary(result.autopsy, this.#style));
    this.#printer.line();
  }

  verdict({ section, ok, problems }: SectionReport, ms: number): void {
    if (ok) {
      const text = `✓ Section ${section.number} went as the course says`;
      this.#printer.line(`${this.#style("green", text)} (${formatDuration(ms)})`);
      return;
    }
    const text = `✗ Section ${section.number} did not go as the course says:`;
    this.#printer.line(this.#style("red", text));
    for (const problem of problems) this.#printer.line(`  ${problem}`);
  }

  closing({ sections }: CourseReport, timings: CourseJson["timings"]): void {
    const good = sections.filter(({ ok }) => ok).length;
    const text = `${good} of ${sections.length} sections went as the course says`;
    this.#printer.line();
    this.#printer.line(
      `${this.#style("bold", text)}, in ${formatDuration(timings.totalMs)} ` +
        `(start: ${formatDuration(timings.startMs)})`,
    );
  }

  #prose(text: string, look?: Look): void {
    for (const line of wrapProse(text, PAGE_WIDTH)) {
      this.#printer.line(look === undefined ? line : this.#style(look, line));
    }
  }

  #outputLine(line: string, look?: Look): void {
    const isKernelLine = /^\[ *\d+\.\d{6}\] /.test(line);
    const hanging = isKernelLine ? line.indexOf("]") + 2 : 0;
    const lineLook = isKernelLine ? "dim" : look;
    for (const part of wrapLine(visible(line), this.#printer.width, hanging)) {
      this.#printer.line(lineLook === undefined ? part : this.#style(lineLook, part));
    }
  }

  #kernel(lines: readonly string[]): void {
    for (const line of lines.slice(0, MAX_KERNEL_LINES)) this.#printer.line(line);
    const more = lines.length - MAX_KERNEL_LINES;
    if (more > 0) this.#printer.line(this.#style("dim", `  … and ${more} lines more`));
  }
}

/** What the person at the terminal would see happen, where the output does not say it. */
function endingOf(result: CommandResult, freezeSymbol: string | undefined): string[] {
  switch (result.outcome) {
    case "exited":
      return [];
    case "oops":
    case "signaled":
      // What a shell prints for it, strsignal(3).
      return [result.signal === "SIGSEGV" ? "Segmentation fault" : `Killed by ${result.signal}`];
    case "frozen":
      return describeFreeze(result.freeze, freezeSymbol);
    default:
      return [`The command ${explainEnding(result)}`];
  }
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function diffLook(line: string): Look | undefined {
  if (line.startsWith("-")) return "red";
  return line.startsWith("+") ? "green" : undefined;
}
