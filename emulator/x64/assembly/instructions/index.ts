import { finishMaps } from "../decode/opcode-map";
import { arithmeticRows } from "./arithmetic";
import { doubleShiftRows } from "./double-shift";
import { logicRows } from "./logic";
import { rotateRows } from "./rotate";
import { shiftInstructionRows } from "./shift";
import { sseRows } from "./sse/index";

/** Fills the maps of opcodes: each family names its own. */
export function defineInstructions(): void {
  arithmeticRows();
  logicRows();
  shiftInstructionRows();
  rotateRows();
  doubleShiftRows();
  sseRows();
  finishMaps();
}
