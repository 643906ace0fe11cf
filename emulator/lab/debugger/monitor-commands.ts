import type { MonitorCommand } from "../../gdb/index.js";
import type { StoppedKernel } from "../../guest/index.js";
import { autopsyLines } from "../autopsy/index.js";
import type { Lab } from "../lab.js";
import type { GuestCommand, GuestProgram } from "./guest-program.js";
import { addSymbolFile, sectionsForGdb } from "./module-sections.js";

/** How many messages of the kernel are shown when nobody says how many. */
const LOG_LINES = 20;
/** A guest that stands still in the middle of a command does not get to its end. */
const SNAPSHOT_LIMIT_MS = 2000;

export interface MonitorParts {
  readonly lab: Lab;
  readonly kernel: StoppedKernel | undefined;
  readonly program: GuestProgram;
  /** What `run` runs without arguments, and runs again after a restore. */
  readonly defaultCommand: GuestCommand | undefined;
  readonly cwd: string;
  /** Takes the machine back from a lab that has let it run. */
  readonly hold: () => void;
}

/** What a debugger's user can ask of the lab, as `monitor …`. */
export function monitorCommands(parts: MonitorParts): MonitorCommand[] {
  return [run(parts), autopsy(parts), log(parts), modules(parts), snapshot(parts), restore(parts)];
}

function run({ program, defaultCommand, cwd }: MonitorParts): MonitorCommand {
  return {
    name: "run",
    usage: "[COMMAND]",
    summary: "run a command in the guest, by default the test; it begins with the next continue",
    async run(argument, print) {
      const command = argument === "" ? defaultCommand : { line: argument, cwd };
      if (command === undefined) throw new Error("There is no test: name a command to run.");
      const { underWay } = program;
      if (underWay) throw new Error(`${underWay.line} has not ended yet.`);
      program.request(command);
      await print(`${command.line} begins when the guest goes on.\n`);
    },
  };
}

function autopsy({ lab }: MonitorParts): MonitorCommand {
  return {
    name: "autopsy",
    usage: "",
    summary: "what the guest does or why it is stuck, and who holds the lock",
    async run(_argument, print) {
      // The stack is shown by the debugger itself, with `backtrace`.
      const lines = autopsyLines(await lab.autopsy(), { withoutStacks: true });
      await print(lines.map((line) => `${line}\n`).join(""));
    },
  };
}

function log({ lab }: MonitorParts): MonitorCommand {
  return {
    name: "log",
    usage: "[COUNT]",
    summary: `the last messages of the kernel, ${LOG_LINES} if nothing else is said`,
    async run(argument, print) {
      const count = argument === "" ? LOG_LINES : Number(argument);
      if (!Number.isSafeInteger(count) || count < 1) {
        throw new Error("COUNT is a number of messages.");
      }
      const records = lab.kernelLog().slice(-count);
      const lines = records.map(({ seconds, text }) => {
        return `[${seconds.toFixed(6).padStart(12)}] ${text}\n`;
      });
      await print(lines.join(""));
    },
  };
}

function modules({ lab, kernel }: MonitorParts): MonitorCommand {
  return {
    name: "modules",
    usage: "",
    summary: "the loaded modules, as the commands that read their symbols",
    async run(_argument, print) {
      if (kernel === undefined) throw new Error("The kernel's types are not at hand.");
      const { items, missing } = kernel.modules();
      const lines = items.flatMap((module) => {
        const file = lab.moduleFile(module.name);
        if (file === undefined) return [`# ${module.name}: its file is not known`];
        const name = file.path.slice(file.path.lastIndexOf("/") + 1);
        return [`# ${file.path}`, ...addSymbolFile(name, sectionsForGdb(file.bytes, module))];
      });
      await print([...lines, ...missing].map((line) => `${line}\n`).join(""));
    },
  };
}

function snapshot({ lab, program }: MonitorParts): MonitorCommand {
  return {
    name: "snapshot",
    usage: "",
    summary: "keep the guest as it is, to go back to it by restore",
    async run(_argument, print) {
      const { underWay } = program;
      if (underWay) {
        throw new Error(
          `A snapshot is made between two commands, and ${underWay.line} is running.`,
        );
      }
      const made = await within(SNAPSHOT_LIMIT_MS, lab.checkpoint());
      if (!made) throw new Error("A command is running: the snapshot is made when it has ended.");
      await print("monitor restore goes back to here.\n");
    },
  };
}

function restore({ lab, program, defaultCommand, hold }: MonitorParts): MonitorCommand {
  return {
    name: "restore",
    usage: "",
    summary: "put the guest back to the last snapshot, also a frozen or dead one",
    async run(_argument, print) {
      try {
        await lab.restore();
      } finally {
        hold();
      }
      await print("The guest is back at its last snapshot.\n");
      if (defaultCommand === undefined) return;
      program.request(defaultCommand);
      await print(`${defaultCommand.line} begins anew when the guest goes on.\n`);
    },
  };
}

/** @returns whether it came in so many milliseconds of the host's time. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), expired]);
  } finally {
    clearTimeout(timer);
  }
}
