import { REGISTERS } from "../x64-machine.js";
import { FLAG, FX, INPUT, OUTCOME, STATE, VECTOR } from "./case-format.js";
import type { Mask } from "./draft.js";
import type { Form } from "./forms.js";
import type { Case } from "./generate.js";
import { backgroundBytes, windowOffset } from "./layout.js";
import { isCloseEnough } from "./tolerance.js";

/** A part of two outcomes that is not the same. */
export interface Difference {
  /** `rax`, `rflags`, `st0`, `xmm3`, `20000010` for memory. */
  readonly field: string;
  readonly before: string;
  readonly expected: string;
  readonly got: string;
}

/** The first address that Linux gives to no program (TASK_SIZE_MAX of arch/x86). */
const TASK_SIZE_MAX = 0x7ffffffff000n;
/** Of a page fault: the page is there. */
const PROTECTION = 1;
/** RF is set in the flags that a fault saves: that is delivery's business. */
const IGNORED_FLAGS = FLAG.rf;

const ANY = (1n << 64n) - 1n;

const background = backgroundBytes();

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Zeroes what is no part of an outcome: the pointers to the last x87 instruction, which AMD follows
 * only for unmasked exceptions; MXCSR_MASK; bytes behind the 80 bits of each register.
 */
export function normalise(outcome: Uint8Array): void {
  const fx = OUTCOME.state + STATE.fx;
  outcome.fill(0, fx + FX.ftw + 1, fx + FX.mxcsr);
  outcome.fill(0, fx + FX.mxcsrMask, fx + FX.st);
  for (let slot = 0; slot < 8; slot++) {
    outcome.fill(0, fx + FX.st + slot * 16 + 10, fx + FX.st + slot * 16 + 16);
  }
  const view = viewOf(outcome);
  const state = OUTCOME.state;
  const isPageFault = view.getUint32(state + STATE.vector, true) === VECTOR.pageFault;
  if (isPageFault && view.getBigUint64(state + STATE.cr2, true) >= TASK_SIZE_MAX) {
    // Linux hides from programs which of its pages there are (sanitize_error_code).
    const error = view.getUint32(state + STATE.error, true);
    view.setUint32(state + STATE.error, error | PROTECTION, true);
  }
}

/** What has to be known of a case. */
export interface ComparedCase extends Pick<Case, "input" | "mask"> {
  readonly form: Pick<Form, "mnemonic">;
}

/** What is different between two normalised outcomes of a case, of what is defined. */
export function compareOutcomes(
  { form, input, mask }: ComparedCase,
  expected: Uint8Array,
  got: Uint8Array,
): Difference[] {
  if (isSame(expected, got)) return [];
  const differences: Difference[] = [];
  const before = viewOf(input.subarray(INPUT.state));
  const theirs = viewOf(expected.subarray(OUTCOME.state));
  const ours = viewOf(got.subarray(OUTCOME.state));
  const isEndless = (view: DataView): boolean =>
    view.getUint32(STATE.vector, true) === VECTOR.noEnd;
  if (isEndless(theirs) && isEndless(ours)) return [];
  const compare = (field: string, at: number, bytes: number, open = 0n): void => {
    const [was, want, have] = [before, theirs, ours].map((view) => number(view, at, bytes));
    if (want === undefined || have === undefined || ((want ^ have) & ~open) === 0n) return;
    if (isCloseEnough(form, field, want, have)) return;
    differences.push({ field, before: hex(was ?? 0n), expected: hex(want), got: hex(have) });
  };
  compare("vector", STATE.vector, 4);
  compare("error", STATE.error, 4, mask.faultAddress ? BigInt(PROTECTION) : 0n);
  compare("cr2", STATE.cr2, 8, mask.faultAddress ? ANY : 0n);
  compare("rip", STATE.rip, 8);
  compare("rflags", STATE.rflags, 8, BigInt(mask.flags | IGNORED_FLAGS));
  REGISTERS.forEach((name, register) => {
    compare(name, register * 8, 8, mask.registers.get(register) ?? 0n);
  });
  compare("fcw", STATE.fx + FX.fcw, 2);
  compare("fsw", STATE.fx + FX.fsw, 2, BigInt(mask.status));
  compare("ftw", STATE.fx + FX.ftw, 1);
  compare("mxcsr", STATE.fx + FX.mxcsr, 4);
  for (let slot = 0; slot < 8; slot++) compare(`st${slot}`, STATE.fx + FX.st + slot * 16, 10);
  for (let slot = 0; slot < 16; slot++) compare(`xmm${slot}`, STATE.fx + FX.xmm + slot * 16, 16);
  compareMemory(input, mask, expected, got, differences);
  return differences;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function number(view: DataView, at: number, bytes: number): bigint {
  let value = 0n;
  for (let byte = bytes - 1; byte >= 0; byte--) {
    value = (value << 8n) | BigInt(view.getUint8(at + byte));
  }
  return value;
}

const hex = (value: bigint): string => value.toString(16);

function compareMemory(
  input: Uint8Array,
  mask: Mask,
  expected: Uint8Array,
  got: Uint8Array,
  differences: Difference[],
): void {
  const theirs = changesOf(expected);
  const ours = changesOf(got);
  const addresses = [...new Set([...theirs.keys(), ...ours.keys()])].sort((a, b) => a - b);
  for (const address of addresses) {
    const before = memoryBefore(input, address, OUTCOME.chunk);
    const want = theirs.get(address) ?? before;
    const have = ours.get(address) ?? before;
    const isOpen = (at: number): boolean =>
      mask.memory.some((range) => at >= range.address && at < range.address + range.length);
    if (want.every((byte, at) => byte === have[at] || isOpen(address + at))) continue;
    differences.push({
      field: address.toString(16),
      before: bytesText(before),
      expected: bytesText(want),
      got: bytesText(have),
    });
  }
}

/** The chunks of memory that an outcome has changed, by their addresses. */
export function changesOf(outcome: Uint8Array): Map<number, Uint8Array> {
  const view = viewOf(outcome);
  const changes = new Map<number, Uint8Array>();
  for (let at = OUTCOME.bytes; at < outcome.length; at += OUTCOME.changeBytes) {
    const bytes = outcome.subarray(at + OUTCOME.changed, at + OUTCOME.changed + OUTCOME.chunk);
    changes.set(view.getUint32(at, true), bytes);
  }
  return changes;
}

/** What is in memory when a case begins. */
export function memoryBefore(input: Uint8Array, address: number, length: number): Uint8Array {
  const offset = windowOffset(address);
  const bytes = background.slice(offset, offset + length);
  const view = viewOf(input);
  let from: number = INPUT.bytes;
  for (let left = view.getUint32(INPUT.patches, true); left > 0; left--) {
    const at = view.getUint32(from, true);
    const size = view.getUint32(from + 4, true);
    for (let byte = 0; byte < size; byte++) {
      const to = at + byte - address;
      if (to >= 0 && to < length) bytes[to] = input[from + 8 + byte] ?? 0;
    }
    from += 8 + ((size + 7) & ~7);
  }
  return bytes;
}

const bytesText = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
