import { finishMaps } from "../decode/opcode-map";
import { arithmeticRows } from "./arithmetic";
import { sseRows } from "./sse/index";

/** Fills the maps of opcodes: each family names its own. */
export function defineInstructions(): void {
  arithmeticRows();
  sseRows();
  finishMaps();
}
