import type { CommandContext, CommandFamily, Reply, Resumption } from "./command.js";
import { UNKNOWN } from "./command.js";
import { GdbError } from "./gdb-error.js";
import { parseHex } from "./latin1.js";
import { instructionPointerName } from "./target-description.js";

/**
 * `c`, `s`, `C`, `S` and `vCont`: GDB manual, appendix E.2. A kernel takes no signals from its
 * debugger: those that a packet brings are left out.
 */
export const resumeCommands: CommandFamily = {
  c: (context, argument) => resumeAt(context, argument, { kind: "continue" }),
  s: (context, argument) => resumeAt(context, argument, { kind: "step" }),
  C: (context, argument) => resumeAt(context, behindSignal(argument), { kind: "continue" }),
  S: (context, argument) => resumeAt(context, behindSignal(argument), { kind: "step" }),
  "vCont?": () => "vCont;c;C;s;S;r",
  vCont: resumeThreads,
};

/** @param argument an address to go on from, or nothing. */
function resumeAt({ target }: CommandContext, argument: string, resume: Resumption): Reply {
  if (argument !== "") {
    target.writeRegister(instructionPointerName(target.arch), parseAddress(argument));
  }
  return { resume };
}

/** `SIGNAL[;ADDRESS]` */
function behindSignal(argument: string): string {
  return argument.split(";")[1] ?? "";
}

/**
 * `;ACTION[:THREAD]…`: the first action that is for a thread is what it does, and one without a
 * thread is for all. The processors of a machine run and stop together, so what the first of
 * them is told holds.
 */
function resumeThreads({ target }: CommandContext, argument: string): Reply {
  for (const item of argument.split(";").slice(1)) {
    const [action = "", thread] = item.split(":");
    const isForFirst =
      thread === undefined || thread === "-1" || Number.parseInt(thread, 16) === target.cpus[0]?.id;
    if (isForFirst) return { resume: parseAction(action) };
  }
  return UNKNOWN;
}

function parseAction(action: string): Resumption {
  if (/^(?:c|C[0-9a-f]+)$/.test(action)) {
    return { kind: "continue" };
  }
  if (/^(?:s|S[0-9a-f]+)$/.test(action)) return { kind: "step" };
  const [, start, end] = /^r([0-9a-f]{1,16}),([0-9a-f]{1,16})$/i.exec(action) ?? [];
  if (start === undefined || end === undefined) {
    throw new GdbError("bad-request", "An action of vCont that is not in the list of vCont?.");
  }
  return { kind: "range", start: parseAddress(start), end: parseAddress(end) };
}

function parseAddress(digits: string): bigint {
  const address = parseHex(digits);
  if (address !== undefined) return address;
  throw new GdbError("bad-request", "An address is a hexadecimal number.");
}
