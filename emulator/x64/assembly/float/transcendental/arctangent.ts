// SDM vol. 2A, FPATAN.
import { quotientOf } from "../divide";
import { FloatUnit, PRECISION } from "../float-unit";
import { INFINITE, INTEGER_BIT, Unpacked, ZERO } from "../unpacked";
import {
  addNumbers,
  divideBySmall,
  divideNumbers,
  isAtLeast,
  multiplyNumbers,
  stepDown,
  subtractNumbers,
} from "../wide-number";
import { HALF_PI, PI, QUARTER_PI, setArctangentOfEighths, setOne, setPi } from "./constants";

const numerator = changetype<Unpacked>(memory.data(32, 16));
const denominator = changetype<Unpacked>(memory.data(32, 16));
const eighths = changetype<Unpacked>(memory.data(32, 16));
const product = changetype<Unpacked>(memory.data(32, 16));
const square = changetype<Unpacked>(memory.data(32, 16));
const one = changetype<Unpacked>(memory.data(32, 16));
const term = changetype<Unpacked>(memory.data(32, 16));
const series = changetype<Unpacked>(memory.data(32, 16));

/** Of a quotient up to 1/16 the 16th power of its square is below 2^-128. */
const MOST_TERMS: u32 = 16;
/** Of a quotient below 2^-66 the arctangent is less by a part below 2^-132. */
const FAR: i32 = 66;

/** r = the angle of the point (a, b): arctan(b / a) in the quadrant of the signs. */
export function arctangent(unit: FloatUnit): void {
  if (unit.nanOfTwo()) return;
  const x = unit.a;
  const y = unit.b;
  const r = unit.r;
  unit.noteDenormal(x.kind);
  unit.noteDenormal(y.kind);
  if (x.isNumber && y.isNumber) finite(unit);
  else onAxis(unit);
  r.sign = y.sign;
}

/** Where a zero or an infinity makes it a multiple of π/4, or zero (SDM vol. 2A, table 3-29). */
function onAxis(unit: FloatUnit): void {
  const x = unit.a;
  const y = unit.b;
  const r = unit.r;
  const isLeft = x.sign !== 0;
  if (x.kind === INFINITE && y.kind === INFINITE) {
    setPi(r, QUARTER_PI);
    if (isLeft) {
      setPi(product, PI);
      subtractNumbers(r, product, r);
    }
  } else if (y.kind === ZERO || x.kind === INFINITE) {
    if (!isLeft) {
      r.setZero(0);
      return;
    }
    setPi(r, PI);
  } else {
    setPi(r, HALF_PI);
  }
  unit.flags |= PRECISION;
}

function finite(unit: FloatUnit): void {
  const r = unit.r;
  numerator.setFinite(0, unit.b.exponent, unit.b.significand, 0);
  denominator.setFinite(0, unit.a.exponent, unit.a.significand, 0);
  const isSteep = isAtLeast(numerator, denominator);
  if (isSteep) {
    const exponent = numerator.exponent;
    const significand = numerator.significand;
    numerator.copyFrom(denominator);
    denominator.setFinite(0, exponent, significand, 0);
  }
  upToOne(r);
  if (isSteep) {
    setPi(product, HALF_PI);
    subtractNumbers(r, product, r);
  }
  if (unit.a.sign !== 0) {
    setPi(product, PI);
    subtractNumbers(r, product, r);
  }
  r.low |= 1;
  unit.flags |= PRECISION;
}

/** r = arctan(numerator / denominator), which is from 0 to 1. */
function upToOne(r: Unpacked): void {
  if (denominator.exponent - numerator.exponent > FAR) {
    // The quotient is nearer to its arctangent than to where rounding changes, unless it is exact.
    quotientOf(r, 0, numerator, denominator);
    if ((r.low & ~INTEGER_BIT) === 0) stepDown(r);
    return;
  }
  const count = nearestEighths();
  if (count !== 0) {
    // tan(α − β) = (tan α − tan β) / (1 + tan α tan β), with tan β = count / 8.
    eighths.setNormalised(0, 60, <u64>count, 0);
    multiplyNumbers(product, eighths, numerator);
    multiplyNumbers(eighths, eighths, denominator);
    subtractNumbers(numerator, numerator, eighths);
    addNumbers(denominator, denominator, product);
  }
  divideNumbers(r, numerator, denominator);
  if (r.kind !== ZERO) seriesOf(r);
  if (count !== 0) {
    setArctangentOfEighths(product, count);
    addNumbers(r, product, r);
  }
}

/** The quotient in eighths, to nearest or nearly so. */
function nearestEighths(): i32 {
  const distance = denominator.exponent - numerator.exponent;
  if (distance > 5) return 0;
  const quotient = <f64>numerator.significand / <f64>denominator.significand;
  return <i32>((quotient * 8) / <f64>(1 << distance) + 0.5);
}

/** r = arctan r = x · (1 − x² · (1/3 − x² · (1/5 − …))), for |r| up to 1/16. */
function seriesOf(r: Unpacked): void {
  if (r.exponent < -62) {
    stepDown(r);
    return;
  }
  multiplyNumbers(square, r, r);
  setOne(one);
  const terms: u32 = r.exponent > -4 ? MOST_TERMS : 63 / -r.exponent + 1;
  divideBySmall(series, one, 2 * terms + 1);
  for (let left = terms; left-- > 0; ) {
    multiplyNumbers(series, series, square);
    divideBySmall(term, one, 2 * left + 1);
    subtractNumbers(series, term, series);
  }
  multiplyNumbers(r, r, series);
}
