export { type CompiledUnit, DebugFile, openDebugFile } from "./debug-file.js";
export type { CodePlace, CodeSymbol, DebugInfo, SourceLocation } from "./debug-info.js";
export { DwarfError, type DwarfErrorCode } from "./dwarf/dwarf-error.js";
export {
  ElfError,
  type ElfErrorCode,
  type ElfFile,
  type ElfSection,
  machineName,
  parseElf,
} from "./elf.js";
export {
  type FunctionRecord,
  type InlinedCall,
  type LineRow,
  locateInFunction,
} from "./function-record.js";
export { GuardedDebugInfo, isDebugInfoError } from "./guarded-debug-info.js";
export { KernelIndex } from "./kernel-index.js";
export { relativeToKernelTree } from "./kernel-tree-path.js";
export {
  formatListing,
  type Listing,
  listAt,
  listPlace,
  type ReadSource,
  type SourceLine,
} from "./list.js";
export { listInIndex } from "./list-index.js";
export { type ModuleInfo, readModuleInfo } from "./module-info.js";
