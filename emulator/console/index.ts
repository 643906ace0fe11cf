export type { ByteLine } from "./byte-line.js";
export { concatBytes } from "./bytes.js";
export type {
  CommandExit,
  ExecOptions,
  ResourceUsage,
  RunningCommand,
} from "./command.js";
export { type ConnectOptions, ControlLine, type ControlLineOptions } from "./control-line.js";
export { ControlLineError, type ControlLineErrorCode } from "./errors.js";
export type { ExecSpec, GuestString } from "./exec-spec.js";
export type { GuestReply, GuestRequest, RequestHandler } from "./guest-call.js";
export { type HostCommand, hostCommand } from "./host-command.js";
export {
  KERNEL_LOG_LEVEL_NAMES,
  type KernelLogLevel,
  KernelLogParser,
  type KernelLogState,
  type KernelRecord,
} from "./kernel-log.js";
export type { AgentInfo } from "./link.js";
export type { ExecStep } from "./protocol.js";
export type { SignalName } from "./signals.js";
export { hostTimers, type Timers } from "./timers.js";
