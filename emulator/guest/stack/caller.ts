import { orElse } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { KernelCode } from "./kernel-code.js";

/** The registers that tell where a function is in its work, the processor's or saved ones. */
export interface CodePosition {
  readonly instructionPointer: bigint;
  readonly stackPointer: bigint;
  readonly framePointer: bigint;
}

/** Where the return address is of the function that a processor stands in. */
export type Caller =
  /** Behind the function's own frame pointer, as always once it has set that up. */
  | { readonly kind: "framed" }
  /** On the stack; the frame pointer is still, or again, its caller's. */
  | { readonly kind: "frameless"; readonly returnAt: bigint; readonly certain: boolean };

const PUSH_FRAME_POINTER = 0x55;
const POP_FRAME_POINTER = 0x5d;
const LEAVE = 0xc9;
/** RET, with and without an immediate: Intel SDM vol. 2B. */
const RETURNS: ReadonlySet<number> = new Set([0xc3, 0xc2]);
const REP = 0xf3;
const JUMPS: ReadonlySet<number> = new Set([0xe9, 0xeb]);
/** ENDBR32 and ENDBR64, which stand before everything else. */
const ENDBR_BYTES = 4;
/** Functions are shorter; of a longer one the beginning says enough. */
const LONGEST_LOOK = 16 * 1024;
/** What assembly without a frame may push before it is looked at. */
const MOST_PUSHED_WORDS = 16;

/**
 * Tells where a function's return address is. The kernel's own unwinder takes the frame pointer
 * in any case, and so misses the caller of a function that has not set up its frame yet, has left
 * it already, or never has one.
 */
export function findCaller(view: KernelView, code: KernelCode, position: CodePosition): Caller {
  const { instructionPointer: ip, stackPointer: sp } = position;
  const word = BigInt(view.arch.wordBytes);
  const onStack = (returnAt: bigint): Caller => ({ kind: "frameless", returnAt, certain: true });
  const start = code.functionStart(ip);
  // Through a bad pointer to a function: what called it left its return address.
  if (start === undefined) {
    // A module whose symbols are gone is code all the same.
    if (code.contains(ip)) return { kind: "framed" };
    return isCallReturn(view, code, sp) ? onStack(sp) : { kind: "framed" };
  }
  if (code.isEntryCode(ip)) return { kind: "framed" };
  const before = bytesAt(view, ip - BigInt(Math.min(Number(ip - start), LONGEST_LOOK)), ip);
  const next = bytesAt(view, ip, ip + BigInt(ENDBR_BYTES));
  const setsFrame = (bytes: Uint8Array, at: number): boolean =>
    view.arch.setFramePointer.some((code) => code.every((byte, i) => bytes[at + i] === byte));

  if (ip === start) return onStack(sp);
  if (next[0] === PUSH_FRAME_POINTER && setsFrame(next, 1)) return onStack(sp);
  if (before.at(-1) === PUSH_FRAME_POINTER && setsFrame(next, 0)) return onStack(sp + word);
  if (isReturn(next)) return onStack(sp);
  const last = before.at(-1);
  const leftFrame = last === POP_FRAME_POINTER || last === LEAVE;
  if (leftFrame && JUMPS.has(next[0] ?? 0)) return onStack(sp);

  const hasFrame = before.some(
    (byte, i) => byte === PUSH_FRAME_POINTER && setsFrame(before, i + 1),
  );
  const looked = ip - start > BigInt(LONGEST_LOOK);
  if (hasFrame || looked) {
    // Code beside the usual path may run without the frame: then the call of this very function
    // is on top of the stack, and that behind the frame pointer is of another.
    const framed = calledFunction(view, code, position.framePointer + word);
    if (framed !== start && calledFunction(view, code, sp) === start) return onStack(sp);
    return { kind: "framed" };
  }
  return findReturnAddress(view, code, sp, start) ?? { kind: "framed" };
}

/** Of a function without a frame: the nearest word that can be, best one that called it. */
function findReturnAddress(
  view: KernelView,
  code: KernelCode,
  sp: bigint,
  start: bigint,
): Caller | undefined {
  const word = BigInt(view.arch.wordBytes);
  let guess: bigint | undefined;
  for (let index = 0n; index < BigInt(MOST_PUSHED_WORDS); index++) {
    const at = sp + index * word;
    if (!isCallReturn(view, code, at)) continue;
    guess ??= at;
    if (calledFunction(view, code, at) === start) {
      return { kind: "frameless", returnAt: at, certain: true };
    }
  }
  return guess === undefined
    ? undefined
    : { kind: "frameless", returnAt: guess, certain: guess === sp };
}

function isReturn(next: Uint8Array): boolean {
  const at = next[0] === REP ? 1 : 0;
  return RETURNS.has(next[at] ?? 0);
}

function isCallReturn(view: KernelView, code: KernelCode, at: bigint): boolean {
  const address = wordAt(view, at);
  return address !== undefined && code.callBefore(address) !== undefined;
}

/** The function that the call in front of a return address goes to, if it says so itself. */
function calledFunction(view: KernelView, code: KernelCode, at: bigint): bigint | undefined {
  const address = wordAt(view, at);
  return address === undefined ? undefined : code.callBefore(address)?.target;
}

function wordAt(view: KernelView, at: bigint): bigint | undefined {
  return orElse(
    () => view.memory.word(at),
    () => undefined,
  );
}

function bytesAt(view: KernelView, start: bigint, end: bigint): Uint8Array {
  return orElse(
    () => view.memory.read(start, Number(end - start)),
    () => new Uint8Array(),
  );
}
