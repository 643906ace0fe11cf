import type { Command } from "commander";
import type { LabReport, Report } from "../../lab/index.js";
import { ReportStream, reportJson } from "../../lab/index.js";
import type { CliContext } from "../context.js";
import { openDebugFiles } from "../debug-files.js";
import { EXIT_OK } from "../exit-status.js";
import { printJson } from "../json.js";
import { collect } from "../repeatable.js";
import { missingLines, reportLines } from "../report-text.js";
import { Printer } from "../streams.js";
import { type Style, styleFor } from "../terminal-style.js";
import { readLog, STANDARD_INPUT } from "./read-log.js";

interface DecodeCommandOptions {
  readonly vmlinux?: string;
  readonly module?: readonly string[];
  readonly json?: true;
}

const HELP = `
Finds what an x86 kernel reported in its log (oopses, BUGs, WARNINGs, lockups,
stalls, KASAN, lockdep, ...), says what happened, names the culprit, and traces
it to the source line. LOG is any text that has the kernel's messages: a serial
console's, dmesg, journalctl -k, kern.log, or what was pasted from a terminal.
Without LOG, and for "-", it is read from the standard input.

Reports of the lab's own kernel are decoded as they are. For another kernel give
its vmlinux, and the modules' files, all with debug information.

Examples:
  kspace decode console.log
  dmesg | kspace decode --vmlinux ./vmlinux --module ./hello.ko
  kspace decode crash.txt --json | jq '.[] | {kind, title, culprit}'

Exit status: 0 when the log was read, with or without a report in it; 2 when it
or another file cannot be used.`;

/** Adds `kspace decode`. */
export function addDecodeCommand(
  program: Command,
  context: CliContext,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("decode")
    .description("find the kernel's reports in a log, and trace them to their source lines")
    .argument(
      "[log]",
      'a file with a kernel\'s messages; "-" is the standard input',
      STANDARD_INPUT,
    )
    .option("--vmlinux <file>", "the kernel that the log is of, with debug information")
    .option("--module <file.ko>", "a module that the log is of; may be repeated", collect)
    .option("--json", "print one JSON array instead of text")
    .addHelpText("after", HELP)
    .action(async (log: string, options: DecodeCommandOptions) => {
      await decode(context, log, options);
      finish(EXIT_OK);
    });
}

async function decode(
  context: CliContext,
  log: string,
  options: DecodeCommandOptions,
): Promise<void> {
  const { decoder } = await openDebugFiles(options.vmlinux, options.module ?? []);
  const printer = new Printer(context.stdout);
  const style = styleFor(context.stdout, context.env);
  const found: LabReport[] = [];
  const take = async (reports: readonly Report[]): Promise<void> => {
    for (const report of reports) {
      const decoded = await decoder.decode(report);
      found.push(decoded);
      // Each as soon as it is over: the log may be one that still grows.
      if (!options.json) printReport(printer, decoded, found.length, style);
    }
  };
  const stream = new ReportStream();
  for await (const text of readLog(log, context.stdin, context.signal)) {
    await take(stream.push(text));
  }
  await take(stream.end());
  if (options.json) {
    printJson(context.stdout, found.map(reportJson));
  } else if (found.length === 0) {
    printer.line("The log has no report of the kernel's in it.");
  }
}

function printReport(printer: Printer, decoded: LabReport, number: number, style: Style): void {
  const [first, last] = decoded.report.lines;
  const place = `Report ${number}, lines ${first} to ${last} of the log`;
  if (number > 1) printer.line();
  printer.line(style("dim", place));
  for (const line of reportLines(decoded, style)) printer.line(line);
  const missing = missingLines(decoded.missing, style);
  if (missing.length > 0) printer.line();
  for (const line of missing) printer.line(line);
}
