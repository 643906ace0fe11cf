/** What the engine's host calls (`emulator/x64/x64-machine.ts`). */
import { defineInstructions } from "./instructions/index";
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
  createMachine,
  createProcessor,
  fieldOffset,
  forgetCode,
  readFlagsOf,
  runSlice,
  setPageTables,
  setPrivilege,
  writeFlagsOf,
};
