import { FX } from "./case-format.js";
import type { Element } from "./forms.js";
import type { Random } from "./random.js";
import { fillValues, integer, writeFloat80 } from "./values.js";

/** FCW and MXCSR after FNINIT and reset: everything masked, to nearest. */
const FCW_RESET = 0x37f;
const MXCSR_RESET = 0x1f80;
const EXCEPTIONS = 0x3f;
/** FSW: an unmasked exception is pending (SDM vol. 1, 8.1.3). B follows ES. */
const SUMMARY = 0x8080;

/** What of the FXSAVE image is worth random values. */
export type FxUse = "none" | "x87" | "mmx" | "sse";

/** Writes the FXSAVE image that a case starts with. */
export function fillFxState(fx: Uint8Array, use: FxUse, element: Element, random: Random): void {
  const view = new DataView(fx.buffer, fx.byteOffset, fx.byteLength);
  fx.fill(0);
  view.setUint16(FX.fcw, FCW_RESET, true);
  view.setUint32(FX.mxcsr, MXCSR_RESET, true);
  if (use === "none") return;
  if (use === "x87" || use === "mmx" || random.percent(10)) fillX87(fx, view, use, random);
  if (use === "sse" || use === "mmx" || random.percent(10)) fillSse(fx, view, element, random);
}

function fillX87(fx: Uint8Array, view: DataView, use: FxUse, random: Random): void {
  const fcw = controlWord(random);
  view.setUint16(FX.fcw, fcw, true);
  const top = random.below(8);
  let fsw = (random.u32() & 0x4700) | (top << 11);
  if (random.percent(20)) fsw |= random.u32() & EXCEPTIONS;
  // Most cases want to compute, not to meet an exception that was pending before.
  if (!random.percent(15)) fsw &= ~EXCEPTIONS | (fcw & EXCEPTIONS);
  if ((fsw & ~fcw & EXCEPTIONS) !== 0) fsw |= SUMMARY;
  // Stack fault without invalid operation is no state that a program meets.
  view.setUint16(FX.fsw, fsw, true);
  fx[FX.ftw] = tags(random);
  for (let slot = 0; slot < 8; slot++) {
    const at = FX.st + slot * 16;
    if (use === "x87" || random.percent(30)) writeFloat80(view, at, random);
    else {
      view.setBigUint64(at, integer(random), true);
      view.setUint16(at + 8, 0xffff, true);
    }
  }
}

/** Every precision and rounding; bit 6 is always set, as FLDCW and FXRSTOR make it. */
export function controlWord(random: Random): number {
  const precision = random.pick([0, 2, 3, 3, 3]) << 8;
  const rounding = random.below(4) << 10;
  const masks = random.percent(75) ? EXCEPTIONS : random.u32() & EXCEPTIONS;
  const infinity = random.percent(10) ? 0x1000 : 0;
  return precision | rounding | masks | infinity | 0x40;
}

/** The abridged tags: a bit for each register that is in use. */
function tags(random: Random): number {
  const kind = random.below(10);
  if (kind < 6) return 0xff;
  return kind < 7 ? 0 : random.below(256);
}

function fillSse(fx: Uint8Array, view: DataView, element: Element, random: Random): void {
  view.setUint32(FX.mxcsr, mxcsr(random), true);
  for (let register = 0; register < 16; register++) {
    const at = FX.xmm + register * 16;
    fillValues(fx.subarray(at, at + 16), random.percent(85) ? element : "integer", random);
  }
}

/** Every rounding, FTZ and DAZ; masked for the most part; old flags now and then. */
export function mxcsr(random: Random): number {
  const masks = random.percent(75) ? EXCEPTIONS : random.u32() & EXCEPTIONS;
  const rounding = random.below(4) << 13;
  const flushToZero = random.percent(25) ? 0x8000 : 0;
  const denormalsAreZeros = random.percent(25) ? 0x40 : 0;
  const flags = random.percent(25) ? random.u32() & EXCEPTIONS : 0;
  return (masks << 7) | rounding | flushToZero | denormalsAreZeros | flags;
}
