import { type CommandContext, type CommandFamily, OK, type Reply } from "./command.js";
import type { MonitorCommand } from "./debuggee.js";
import { GdbError } from "./gdb-error.js";
import { bytesOfHex } from "./latin1.js";

/** `qRcmd`, which carries what a person gives as `monitor …`: GDB manual, appendix E.4. */
export const monitorCommands: CommandFamily = { qRcmd: runMonitorCommand };

const HELP = "help";

async function runMonitorCommand(context: CommandContext, argument: string): Promise<Reply> {
  const bytes = bytesOfHex(argument.replace(/^,/, ""));
  if (bytes === undefined) throw new GdbError("bad-request", "A command comes in hexadecimal.");
  const line = new TextDecoder().decode(bytes).trim();
  const [, name = HELP, rest = ""] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
  const { monitorCommands: commands } = context.debuggee;
  const command = commands.find((candidate) => candidate.name === name);
  // An error in the protocol's form would show a number alone, so what went wrong is printed.
  if (command !== undefined) {
    try {
      await command.run(rest, (text) => context.print(text));
    } catch (error) {
      await context.print(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  } else {
    if (name !== HELP) await context.print(`There is no monitor command "${name}".\n`);
    await context.print(helpText(commands));
  }
  return OK;
}

function helpText(commands: readonly MonitorCommand[]): string {
  const rows = [...commands, { name: HELP, usage: "", summary: "what this shows" }].map(
    ({ name, usage, summary }) => [`monitor ${name} ${usage}`.trimEnd(), summary] as const,
  );
  const width = Math.max(...rows.map(([synopsis]) => synopsis.length));
  return rows.map(([synopsis, summary]) => `${synopsis.padEnd(width)}  ${summary}\n`).join("");
}
