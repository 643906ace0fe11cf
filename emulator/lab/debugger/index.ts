export type { GuestCommand } from "./guest-program.js";
export { LabDebugger, type LabDebuggerOptions } from "./lab-debugger.js";
export { addSymbolFile, quoteForGdb, sectionsForGdb } from "./module-sections.js";
