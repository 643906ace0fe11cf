import { blendRows } from "./blend";
import { crc32Rows } from "./crc32";
import { extendRows } from "./extend";
import { floatArithmeticRows } from "./float-arithmetic";
import { insertExtractRows } from "./insert-extract";
import { integerAddRows } from "./integer-add";
import { integerCompareRows } from "./integer-compare";
import { integerHorizontalRows } from "./integer-horizontal";
import { integerMultiplyRows } from "./integer-multiply";
import { integerShiftRows } from "./integer-shift";
import { logicRows } from "./logic";
import { moveRows } from "./move";
import { mxcsrRows } from "./mxcsr";
import { packRows } from "./pack";
import { shuffleRows } from "./shuffle";
import { squareRootRows } from "./square-root";
import { stringCompareRows } from "./string-compare";
import { transferRows } from "./transfer";
import { unpackRows } from "./unpack";

/** SSE to SSE4.2, and MMX as far as it does the same with shorter registers. */
export function sseRows(): void {
  blendRows();
  crc32Rows();
  extendRows();
  floatArithmeticRows();
  insertExtractRows();
  integerAddRows();
  integerCompareRows();
  integerHorizontalRows();
  integerMultiplyRows();
  integerShiftRows();
  logicRows();
  moveRows();
  mxcsrRows();
  packRows();
  shuffleRows();
  squareRootRows();
  stringCompareRows();
  transferRows();
  unpackRows();
}
