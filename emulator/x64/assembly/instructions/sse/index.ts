import { integerAddRows } from "./integer-add";
import { integerCompareRows } from "./integer-compare";
import { integerMultiplyRows } from "./integer-multiply";
import { logicRows } from "./logic";

/** SSE to SSE4.2, and MMX as far as it does the same with shorter registers. */
export function sseRows(): void {
  integerAddRows();
  integerCompareRows();
  integerMultiplyRows();
  logicRows();
}
