/** What the engine's host calls (`emulator/x64/x64-machine.ts`). */
import { addBreakpoint, removeBreakpoint } from "./debugger/host-breakpoints";
import {
  addWatchpoint,
  removeWatchpoint,
  watchpointAddress,
  watchpointHit,
} from "./debugger/host-watchpoints";
import { raiseInterrupt, raiseNmi } from "./exceptions/request";
import { defineInstructions } from "./instructions/index";
import { counterOf } from "./state/counters";
import { createMachine, createProcessor } from "./state/create";
import {
  fieldOffset,
  forgetCode,
  readFlagsOf,
  runSlice,
  setPageTables,
  setPrivilege,
  writeFlagsOf,
} from "./state/host-access";

defineInstructions();

export {
  addBreakpoint,
  addWatchpoint,
  counterOf,
  createMachine,
  createProcessor,
  fieldOffset,
  forgetCode,
  raiseInterrupt,
  raiseNmi,
  readFlagsOf,
  removeBreakpoint,
  removeWatchpoint,
  runSlice,
  setPageTables,
  setPrivilege,
  watchpointAddress,
  watchpointHit,
  writeFlagsOf,
};
