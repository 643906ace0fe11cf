export type { GuestCommand } from "./guest-program.js";
export { LabDebugger, type LabDebuggerOptions } from "./lab-debugger.js";
