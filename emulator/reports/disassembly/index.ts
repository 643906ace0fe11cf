export { trapFrame } from "./code-window.js";
export { formatListing } from "./format-listing.js";
export { icedDisassembler } from "./iced.js";
export type {
  Access,
  Accesses,
  Disassembler,
  DisassemblerErrorCode,
  Instruction,
  MemoryUse,
  RegisterUse,
} from "./instruction.js";
export { DisassemblerError } from "./instruction.js";
export { listFrame, listTrap } from "./list-code.js";
export type {
  FunctionRow,
  InstructionRow,
  ListingContext,
  ListingRow,
  SourceRow,
} from "./listing.js";
export { formatOperandValues, type OperandValues, operandValues } from "./operand-values.js";
