import type { Command } from "commander";
import { runCourse } from "../../lab/index.js";
import type { CliContext } from "../context.js";
import { EXIT_FAILED, EXIT_OK } from "../exit-status.js";
import { printJson } from "../json.js";
import { Progress } from "../progress.js";
import { startLab } from "../start-lab.js";
import { Printer } from "../streams.js";
import { symbolizeFreeze } from "../symbolize.js";
import { styleFor } from "../terminal-style.js";
import { courseJson } from "./report-json.js";
import { CourseTranscript } from "./transcript.js";

interface CourseCommandOptions {
  readonly json?: true;
  readonly coldBoot?: true;
}

const HELP = `
Does what a student does: loads and unloads a module, uses its device, freezes
the machine on a lock and brings it back, crashes in the kernel and reads the
trace. What is shown is what the kernel and the programs really said.

Examples:
  kspace course
  kspace course --json | jq '.sections[] | {title, ok}'

Exit status: 0 when each section went as the course says, 1 when one did not.`;

/** Adds `kspace course`. */
export function addCourseCommand(
  program: Command,
  context: CliContext,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("course")
    .description("all four sections of the course on the real kernel, as a transcript")
    .option("--json", "print one JSON document instead of a transcript")
    .option("--cold-boot", "boot the kernel instead of starting from the snapshot")
    .addHelpText("after", HELP)
    .action(async (options: CourseCommandOptions) => finish(await doCourse(context, options)));
}

async function doCourse(context: CliContext, options: CourseCommandOptions): Promise<number> {
  const start = performance.now();
  const { lab, startMs } = await startLab(context, options.coldBoot === true);
  const progress = new Progress(context.stderr);
  const transcript = options.json
    ? undefined
    : new CourseTranscript(new Printer(context.stdout), styleFor(context.stdout, context.env));
  try {
    transcript?.opening(lab);
    let freezeSymbol: string | undefined;
    const report = await runCourse(lab, {
      signal: context.signal,
      onSection: (section) => transcript?.section(section),
      onStep: ({ command }) => progress.show(command),
      onReport: async (step) => {
        const { result } = step;
        if (result.outcome === "frozen") freezeSymbol = await symbolizeFreeze(lab, result.freeze);
        progress.clear();
        transcript?.step(step, freezeSymbol);
      },
      onSectionReport: (section, ms) => transcript?.verdict(section, ms),
    });
    const timings = { startMs, totalMs: performance.now() - start };
    transcript?.closing(report, timings);
    if (options.json) {
      printJson(context.stdout, courseJson(lab, report, freezeSymbol, timings));
    }
    return report.ok ? EXIT_OK : EXIT_FAILED;
  } finally {
    progress.clear();
    await lab.close();
  }
}
