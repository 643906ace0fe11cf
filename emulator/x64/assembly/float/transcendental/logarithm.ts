// SDM vol. 2A, FYL2X, FYL2XP1.
import { FloatUnit, PRECISION, ZERO_DIVIDE } from "../float-unit";
import { unpackInteger } from "../integer";
import { INFINITE, INTEGER_BIT, Unpacked, ZERO } from "../unpacked";
import {
  addNumbers,
  divideBySmall,
  divideNumbers,
  multiplyNumbers,
  subtractNumbers,
} from "../wide-number";
import { setLog2E, setOne } from "./constants";

const argument = changetype<Unpacked>(memory.data(32, 16));
const one = changetype<Unpacked>(memory.data(32, 16));
const ratio = changetype<Unpacked>(memory.data(32, 16));
const square = changetype<Unpacked>(memory.data(32, 16));
const term = changetype<Unpacked>(memory.data(32, 16));
const series = changetype<Unpacked>(memory.data(32, 16));

/** The significand of √2. */
const ROOT_OF_TWO: u64 = 0xb504_f333_f9de_6484;
/** Of a ratio up to 3 − 2√2 the 25th power of its square is below 2^-127. */
const MOST_TERMS: u32 = 26;

/** r = b · log₂ a. */
export function logarithm(unit: FloatUnit): void {
  if (unit.nanOfTwo()) return;
  const x = unit.a;
  const y = unit.b;
  const r = unit.r;
  if (x.sign !== 0 && x.kind !== ZERO) {
    unit.invalid();
    return;
  }
  const isOne = x.isNumber && x.exponent === 0 && x.significand === INTEGER_BIT;
  if (x.kind === ZERO || x.kind === INFINITE || y.kind === INFINITE) {
    // 0 · ∞, in each form: log₂ 0 and log₂ ∞ with y = 0, log₂ 1 with y = ∞.
    const isInvalid = y.kind === ZERO || (y.kind === INFINITE && isOne);
    if (isInvalid) {
      unit.invalid();
      return;
    }
    unit.noteDenormal(x.kind);
    const isNegative = x.kind === ZERO || (x.isNumber && x.exponent < 0);
    if (x.kind === ZERO && y.isNumber) unit.flags |= ZERO_DIVIDE;
    else unit.noteDenormal(y.kind);
    r.setInfinite(y.sign ^ u32(isNegative));
    return;
  }
  unit.noteDenormal(x.kind);
  unit.noteDenormal(y.kind);
  if (y.kind === ZERO || isOne) {
    r.setZero(y.sign ^ u32(x.exponent < 0));
    return;
  }
  // AMD's processors say so of exact results, too.
  unit.flags |= PRECISION;
  argument.setFinite(0, x.exponent, x.significand, 0);
  binaryLogarithm(r);
  multiplyNumbers(r, r, y);
  // Only a power of two has a logarithm that is rational.
  if (x.significand !== INTEGER_BIT) r.low |= 1;
}

/** r = b · log₂(a + 1). */
export function logarithmOfNext(unit: FloatUnit): void {
  if (unit.nanOfTwo()) return;
  const x = unit.a;
  const y = unit.b;
  const r = unit.r;
  const sign = x.sign ^ y.sign;
  if (x.kind === INFINITE && (x.sign !== 0 || y.kind === ZERO)) {
    unit.invalid();
    return;
  }
  if (x.kind === ZERO && y.kind === INFINITE) {
    unit.invalid();
    return;
  }
  unit.noteDenormal(x.kind);
  unit.noteDenormal(y.kind);
  if (x.kind === INFINITE || y.kind === INFINITE) {
    r.setInfinite(sign);
  } else if (x.kind === ZERO || y.kind === ZERO) {
    r.setZero(sign);
  } else {
    unit.flags |= PRECISION;
    // The manual leaves open what is at −1 and below; AMD's processors return a.
    if (x.sign !== 0 && x.exponent >= 0) r.copyFrom(x);
    else nextOfNumber(unit);
  }
}

function nextOfNumber(unit: FloatUnit): void {
  const x = unit.a;
  const r = unit.r;
  setOne(one);
  argument.setFinite(x.sign, x.exponent, x.significand, 0);
  if (x.exponent < -2) {
    // ln(1 + x) = 2 artanh(x / (2 + x)) keeps the digits of a small x.
    one.exponent = 1;
    addNumbers(term, one, argument);
    divideNumbers(ratio, argument, term);
    logarithmOfRatio(r);
  } else {
    addNumbers(argument, argument, one);
    binaryLogarithm(r);
  }
  multiplyNumbers(r, r, unit.b);
  if (x.significand !== INTEGER_BIT || x.exponent !== -1) r.low |= 1;
}

/** r = log₂(argument), a positive number. */
function binaryLogarithm(r: Unpacked): void {
  let exponent = argument.exponent;
  argument.exponent = 0;
  if (argument.significand > ROOT_OF_TWO) {
    argument.exponent = -1;
    exponent++;
  }
  setOne(one);
  addNumbers(term, argument, one);
  subtractNumbers(ratio, argument, one);
  if (ratio.kind === ZERO) {
    unpackInteger(r, exponent);
    return;
  }
  divideNumbers(ratio, ratio, term);
  logarithmOfRatio(r);
  unpackInteger(term, exponent);
  addNumbers(r, term, r);
}

/** r = 2 artanh(ratio) / ln 2 = 2s · (1 + s² · (1/3 + s² · (1/5 + …))) · log₂ e. */
function logarithmOfRatio(r: Unpacked): void {
  multiplyNumbers(square, ratio, ratio);
  setOne(one);
  const terms: u32 = ratio.exponent > -4 ? MOST_TERMS : 63 / (-ratio.exponent - 1) + 1;
  divideBySmall(series, one, 2 * terms + 1);
  for (let left = terms; left-- > 0; ) {
    multiplyNumbers(series, series, square);
    divideBySmall(term, one, 2 * left + 1);
    addNumbers(series, term, series);
  }
  setLog2E(term);
  multiplyNumbers(r, series, ratio);
  multiplyNumbers(r, r, term);
  r.exponent++;
}
