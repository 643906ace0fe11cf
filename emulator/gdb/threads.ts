import { type CommandContext, type CommandFamily, OK, type Reply } from "./command.js";
import { GdbError } from "./gdb-error.js";
import { hexOfText } from "./latin1.js";
import type { Cpu } from "./target.js";

/** Each processor is a thread to the debugger: GDB manual, appendices E.2 and E.4. */
export const threadCommands: CommandFamily = {
  H: choose,
  T: isAlive,
  qC: ({ target }) => `QC${idOf(target.cpus[0])}`,
  qfThreadInfo: ({ target }) => `m${target.cpus.map(idOf).join(",")}`,
  /** All of them were in the first answer. */
  qsThreadInfo: () => "l",
  qThreadExtraInfo: (context, argument) =>
    hexOfText(description(cpuOf(context, argument.replace(/^,/, "")))),
};

export function idOf(cpu: Cpu | undefined): string {
  return (cpu?.id ?? 1).toString(16);
}

/** GDB manual, appendix E.16, "Thread List Format". */
export function threadListXml(cpus: readonly Cpu[]): string {
  const threads = cpus.map((cpu) => {
    const core = cpu.id - 1;
    return `<thread id="${idOf(cpu)}" core="${core}">${escapeXml(description(cpu))}</thread>`;
  });
  return `<?xml version="1.0"?>\n<threads>\n${threads.join("\n")}\n</threads>\n`;
}

function description(cpu: Cpu): string {
  const name = `CPU#${cpu.id - 1}`;
  return cpu.description === "" ? name : `${name}, ${cpu.description}`;
}

/**
 * `cID` and `gID`, for the packets that follow. There is one processor, so whatever can be
 * chosen is chosen already.
 */
function choose(context: CommandContext, argument: string): Reply {
  const id = argument.slice(1);
  if (id !== "0" && id !== "-1") cpuOf(context, id);
  return OK;
}

function isAlive(context: CommandContext, argument: string): Reply {
  cpuOf(context, argument);
  return OK;
}

function cpuOf({ target }: CommandContext, id: string): Cpu {
  const cpu = target.cpus.find((candidate) => idOf(candidate) === id.toLowerCase());
  if (cpu === undefined) throw new GdbError("bad-thread", "There is no such processor.");
  return cpu;
}

/** The guest chooses the names of its programs, so anything may be in them. */
function escapeXml(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`);
}
