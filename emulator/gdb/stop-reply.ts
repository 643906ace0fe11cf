import type { Agreement } from "./command.js";
import { encodeRegister } from "./registers.js";
import type { GdbTarget, Stop } from "./target.js";
import { expeditedRegisters, registerLayout } from "./target-description.js";
import { idOf } from "./threads.js";

/** As gdb numbers signals, include/gdb/signals.def; most are those of Linux. */
export const SIGNALS = { SIGINT: 2, SIGTRAP: 5, SIGABRT: 6, SIGKILL: 9, SIGSTOP: 17 } as const;

/** Says why and where the target has stopped: GDB manual, appendix E.3, "Stop Reply Packets". */
export function stopReply(target: GdbTarget, stop: Stop, agreement: Agreement): string {
  const layout = registerLayout(target.arch);
  const values = target.readRegisters();
  const registers = expeditedRegisters(target.arch).map((name) => {
    const number = layout.findIndex((register) => register.name === name);
    const register = layout[number];
    const value = values.get(name);
    // gdb takes no "x" here.
    if (register === undefined || value === undefined) return "";
    return `${number.toString(16).padStart(2, "0")}:${encodeRegister(register, value)};`;
  });
  const signal = signalOf(stop).toString(16).padStart(2, "0");
  const thread = `thread:${idOf(target.cpus[0])};`;
  return `T${signal}${registers.join("")}${thread}${reasonOf(stop, agreement)}`;
}

function signalOf(stop: Stop): number {
  switch (stop.kind) {
    case "breakpoint":
    case "stepped":
      return SIGNALS.SIGTRAP;
    case "interrupted":
      return SIGNALS.SIGINT;
    case "signal":
      return stop.signal;
  }
}

/** With it gdb knows that the instruction pointer is not behind a planted instruction. */
function reasonOf(stop: Stop, agreement: Agreement): string {
  if (stop.kind !== "breakpoint") return "";
  if (stop.hardware) return agreement.takesHardwareBreakpointReason ? "hwbreak:;" : "";
  return agreement.takesSoftwareBreakpointReason ? "swbreak:;" : "";
}
