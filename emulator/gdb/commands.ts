import { breakpointCommands } from "./breakpoints.js";
import { type CommandContext, type CommandFamily, type Reply, UNKNOWN } from "./command.js";
import { detachCommands } from "./detach.js";
import { memoryCommands } from "./memory.js";
import { monitorCommands } from "./monitor.js";
import { queryCommands } from "./query.js";
import { registerCommands } from "./registers.js";
import { resumeCommands } from "./resume.js";
import { threadCommands } from "./threads.js";

const COMMANDS: CommandFamily = {
  ...registerCommands,
  ...memoryCommands,
  ...breakpointCommands,
  ...resumeCommands,
  ...queryCommands,
  ...threadCommands,
  ...monitorCommands,
  ...detachCommands,
};

/** Names of `q`, `Q` and `v` packets are words; all others are a single character. */
const NAME = /^(?:[qQv][A-Za-z]*\??|.)/s;

/**
 * Carries out what a packet asks for.
 * @throws GdbError, or what the target throws.
 */
export function carryOut(context: CommandContext, packet: string): Reply | Promise<Reply> {
  const name = NAME.exec(packet)?.[0] ?? "";
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return command === undefined ? UNKNOWN : command(context, packet.slice(name.length));
}
