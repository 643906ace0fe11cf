export type { KernelRecord } from "../console/index.js";
export type { Arch } from "../machine/machine.js";
export { oopsTitle } from "../reports/oops-title.js";
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.js";
export type { CommandOptions } from "./command.js";
export * from "./course/index.js";
export { LabError, type LabErrorCode } from "./errors.js";
export type { Freeze, FreezeReason, FreezeVerdict } from "./freeze-detector.js";
export { type ImageSource, Images, type ManifestFile } from "./images.js";
export type { InsmodResult, ModuleParameter, ModuleToLoad } from "./insmod.js";
export type { KernelFacts } from "./kernel-facts.js";
export {
  formatPlace,
  KernelSymbols,
  readKernelSymbols,
  type SymbolPlace,
} from "./kernel-symbols.js";
export { Lab } from "./lab.js";
export { checkModule, ModuleError, type ModuleProblem } from "./module-check.js";
export { type CommandResult, type Doom, describeEnd, type EndCause, succeeded } from "./outcome.js";
export type { LabOptions, LabProgress } from "./parts.js";
export { checkProgram, ProgramError, type ProgramProblem } from "./program-check.js";
