export { GDB_BRIDGE_PATH, GDB_BRIDGE_PROTOCOL } from "./bridge.js";
export type { Debuggee, MonitorCommand } from "./debuggee.js";
export { GdbError, type GdbErrorCode } from "./gdb-error.js";
export { MachineTarget, type MachineTargetOptions } from "./machine-target.js";
export { GdbServer } from "./server.js";
export { SIGNALS } from "./stop-reply.js";
export type { Cpu, GdbTarget, Stop } from "./target.js";
export type { ByteTransport } from "./transport.js";
