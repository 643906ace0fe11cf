export { Btf, type BtfMember } from "./btf/btf.js";
export { GuestError, type GuestErrorCode } from "./errors.js";
export {
  type GuestModule,
  type ModuleRegion,
  type ModuleSection,
  type ModuleState,
  type ModuleSymbol,
  regionAt,
  sectionInMemory,
} from "./guest-module.js";
export type { LockTypeName, LockWord, TaskReference, Waiters } from "./lock-word.js";
export type { LogRecord } from "./log-record.js";
export type { PartialList } from "./partial-list.js";
export {
  hasReturn,
  type KernelEntry,
  lookUpAddress,
  type SavedRegisters,
  type StackEnd,
  type StackFrame,
  type StackTrace,
} from "./stack-frame.js";
export { StoppedKernel, type StoppedKernelParts } from "./stopped-kernel.js";
export { formatPlace, type GuestPlace, type SymbolTable } from "./symbol-table.js";
export type { Uname } from "./system-facts.js";
export { SystemMap } from "./system-map.js";
export type { GuestTask, StackBounds, TaskStateLetter } from "./task.js";
