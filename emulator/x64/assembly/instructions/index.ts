import { finishMaps } from "../decode/opcode-map";
import { arithmeticRows } from "./arithmetic";

/** Fills the maps of opcodes: each family names its own. */
export function defineInstructions(): void {
  arithmeticRows();
  finishMaps();
}
