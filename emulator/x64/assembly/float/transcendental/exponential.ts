// SDM vol. 2A, F2XM1.
import { FloatUnit, PRECISION } from "../float-unit";
import { INFINITE, INTEGER_BIT, Unpacked, ZERO } from "../unpacked";
import { addNumbers, divideBySmall, multiplyNumbers } from "../wide-number";
import { setLn2, setOne } from "./constants";

const argument = changetype<Unpacked>(memory.data(32, 16));
const series = changetype<Unpacked>(memory.data(32, 16));
const constant = changetype<Unpacked>(memory.data(32, 16));

/** The series is taken for an eighth of the argument, and the result squared as often. */
const HALVINGS: i32 = 3;
/** Of an argument up to ln 2 / 8 the term of this number is below 2^-127. */
const MOST_TERMS: i32 = 20;

/** r = 2^a − 1. */
export function exponential(unit: FloatUnit): void {
  if (unit.nanOfOne()) return;
  const a = unit.a;
  const r = unit.r;
  unit.noteDenormal(a.kind);
  if (a.kind === ZERO) {
    r.copyFrom(a);
  } else if (a.kind === INFINITE) {
    if (a.sign !== 0) r.setFinite(1, 0, INTEGER_BIT, 0);
    else r.setInfinite(0);
  } else {
    unit.flags |= PRECISION;
    if (a.exponent < 0) {
      ofFraction(r, a);
    } else {
      // The manual leaves open what is beyond ±1; AMD's processors return a.
      r.setFinite(a.sign, a.exponent, a.significand, 0);
      if (a.sign !== 0 && a.exponent === 0 && a.significand === INTEGER_BIT) r.exponent = -1;
    }
  }
}

/** For |a| < 1. */
function ofFraction(r: Unpacked, a: Unpacked): void {
  argument.setFinite(a.sign, a.exponent, a.significand, 0);
  setLn2(constant);
  multiplyNumbers(argument, argument, constant);
  argument.exponent -= HALVINGS;
  // e^x − 1 = x · (1 + x/2 · (1 + x/3 · …)).
  setOne(constant);
  series.copyFrom(constant);
  const terms = argument.exponent > -6 ? MOST_TERMS : 127 / -argument.exponent + 2;
  for (let divisor = terms; divisor > 1; divisor--) {
    multiplyNumbers(series, series, argument);
    divideBySmall(series, series, divisor);
    addNumbers(series, constant, series);
  }
  multiplyNumbers(r, argument, series);
  // e^2x − 1 = (e^x − 1) · ((e^x − 1) + 2).
  constant.exponent = 1;
  for (let left = HALVINGS; left > 0; left--) {
    addNumbers(series, constant, r);
    multiplyNumbers(r, r, series);
  }
  r.low |= 1;
}
