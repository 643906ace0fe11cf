import { addAbortSignal } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import type { CliContext } from "../context.js";
import { EXIT_OK } from "../exit-status.js";
import { startLab } from "../start-lab.js";
import { takeTerminal } from "./host-terminal.js";
import { runInteractive } from "./interactive.js";
import { runPiped } from "./piped.js";

interface ShellCommandOptions {
  readonly coldBoot?: true;
}

const HELP = `
On a terminal this is the guest's own console: every key goes to the guest,
Ctrl-C too. Ctrl-] (or Ctrl-5) is the way out, followed by one of these keys:
  q       leave
  r       back to the checkpoint; files below /home stay as they are
  c       make a checkpoint of the guest as it is now
  ?       show these keys
When the guest has frozen, panicked or died, r and q work alone.

When the input is no terminal, it is a script: all of it is read, run by the
guest's sh as the user student, and what it prints is printed, without a prompt
or an echo.

Examples:
  kspace shell
  kspace shell < script.sh
  echo 'uname -a; cat /proc/modules' | kspace shell

Exit status: 0 on leaving a terminal; the script's own status for a script, and
1 when the guest froze, panicked or died under it.`;

/** Adds `kspace shell`. */
export function addShellCommand(
  program: Command,
  context: CliContext,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("shell")
    .description("the guest's console in this terminal, or a script in the guest")
    .option("--cold-boot", "boot the kernel, and show its messages")
    .addHelpText("after", HELP)
    .action(async (options: ShellCommandOptions) => finish(await runShell(context, options)));
}

async function runShell(context: CliContext, options: ShellCommandOptions): Promise<number> {
  const { stdin, stdout } = process;
  const coldBoot = options.coldBoot === true;
  const script = stdin.isTTY ? undefined : await buffer(addAbortSignal(context.signal, stdin));
  const { lab } = await startLab(context, coldBoot);
  try {
    if (script !== undefined) return await runPiped(lab, script, context);
    const terminal = takeTerminal(stdin, stdout);
    try {
      await runInteractive(lab, terminal, { signal: context.signal, showsBoot: coldBoot });
    } finally {
      terminal[Symbol.dispose]();
    }
    return EXIT_OK;
  } finally {
    await lab.close();
  }
}
