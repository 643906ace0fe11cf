import { blendRows } from "./blend";
import { extendRows } from "./extend";
import { integerAddRows } from "./integer-add";
import { integerCompareRows } from "./integer-compare";
import { integerHorizontalRows } from "./integer-horizontal";
import { integerMultiplyRows } from "./integer-multiply";
import { integerShiftRows } from "./integer-shift";
import { logicRows } from "./logic";
import { packRows } from "./pack";
import { shuffleRows } from "./shuffle";
import { unpackRows } from "./unpack";

/** SSE to SSE4.2, and MMX as far as it does the same with shorter registers. */
export function sseRows(): void {
  blendRows();
  extendRows();
  integerAddRows();
  integerCompareRows();
  integerHorizontalRows();
  integerMultiplyRows();
  integerShiftRows();
  logicRows();
  packRows();
  shuffleRows();
  unpackRows();
}
