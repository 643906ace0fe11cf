import { arithmeticRows } from "./arithmetic";
import { compareRows } from "./compare";
import { constantRows } from "./constants";
import { controlRows } from "./control";
import { environmentRows } from "./environment";
import { exchangeRows } from "./exchange";
import { fxsaveRows } from "./fxsave";
import { integerRows } from "./integer";
import { loadStoreRows } from "./load-store";
import { partialRows } from "./partial";
import { transcendentalRows } from "./transcendental";

/** D8 to DF, FWAIT, FXSAVE and FXRSTOR. */
export function x87Rows(): void {
  arithmeticRows();
  compareRows();
  constantRows();
  controlRows();
  environmentRows();
  exchangeRows();
  fxsaveRows();
  integerRows();
  loadStoreRows();
  partialRows();
  transcendentalRows();
}
