export type { KernelRecord } from "../console/index.js";
export {
  type CodePlace,
  type DebugFile,
  type DebugInfo,
  formatListing as formatSourceListing,
  isDebugInfoError,
  type Listing as SourceListing,
  listAt,
  listInIndex,
  openDebugFile,
  readModuleInfo,
  relativeToKernelTree,
  type SourceLocation,
} from "../debuginfo/index.js";
export type { Arch } from "../machine/machine.js";
export {
  type DecodedFrame,
  type DecodedReport,
  type Explanation,
  type Frame,
  findReports,
  formatFrame,
  formatListing,
  isOops,
  type ListingRow,
  type Report,
  type ReportArch,
  type ReportJson,
  type ReportKind,
  ReportStream,
  type ReportStyle,
  reportJson,
  reportLines,
  reportNotice,
  reportSummary,
  type SourceExcerpt,
  visible,
  wrapProse,
} from "../reports/index.js";
export {
  type BuildSession,
  type Diagnostic,
  type FinishedModule,
  type FinishedProgram,
  type ModuleSources,
  type ProgramSources,
  ToolchainError,
  type ToolchainErrorCode,
} from "../toolchain/index.js";
export * from "./autopsy/index.js";
export type {
  BuildFetch,
  BuildFetchPart,
  LabBuild,
  LabBuildOptions,
  ModuleToBuild,
  ProgramToBuild,
} from "./build/build.js";
export { buildHints, whyNotBuilt } from "./build/build-end.js";
export { Builds } from "./build/builds.js";
export { readFolderMakefile } from "./build/kbuild-makefile.js";
export { collectForBuild, type SourceFolder } from "./build/source-files.js";
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.js";
export type { CommandOptions } from "./command.js";
export * from "./course/index.js";
export { LabError, type LabErrorCode } from "./errors.js";
export type { Freeze, FreezeReason, FreezeVerdict } from "./freeze-detector.js";
export { readHome } from "./home.js";
export { type ImageSource, Images, type ManifestFile, type OnBytes } from "./images.js";
export type { InsmodResult, ModuleParameter, ModuleToLoad } from "./insmod.js";
export { readKernelDebugInfo } from "./kernel-debug-info.js";
export { type KernelFacts, readKernelFacts } from "./kernel-facts.js";
export {
  type KernelSources,
  openKernelSources,
} from "./kernel-sources.js";
export { Lab } from "./lab.js";
export { checkModule, ModuleError, type ModuleProblem } from "./module-check.js";
export { type ModuleFile, ModuleFiles } from "./module-files.js";
export { type ModuleInMemory, modulesInMemory } from "./modules-in-memory.js";
export { type CommandResult, type Doom, describeEnd, type EndCause, succeeded } from "./outcome.js";
export type { PackFetch, Packs } from "./packs.js";
export type { LabOptions, LabProgress } from "./parts.js";
export { checkProgram, ProgramError, type ProgramProblem } from "./program-check.js";
export {
  type LabReport,
  type MissingDebugInfo,
  ReportDecoder,
  type ReportDecoderOptions,
} from "./report-decoder.js";
export { SourceReader } from "./source-reader.js";
