import type { StackBounds, StoppedKernel, StoppedKernelParts } from "../../guest/index.js";
import type { Machine, Registers } from "../../machine/machine.js";

/** More than any chain of calls has that one wants to read; a kernel stack is twice as large. */
const MOST_STACK_BYTES = 4096;
/** Pages are mapped apart from each other: a copy must not run across their borders. */
const PAGE_BYTES = 4096n;

/** A stretch of physical memory as it was. */
interface Copy {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/**
 * The registers and the used part of the stack as they were at a moment: enough to walk the
 * stack later, when the code has long returned.
 */
export interface Moment {
  readonly registers: Registers;
  readonly stack: readonly Copy[];
}

/**
 * @param registers those of the machine now.
 * @throws GuestError where the stack is not mapped.
 */
export function captureMoment(
  registers: Registers,
  machine: Pick<Machine, "readPhysical">,
  kernel: Pick<StoppedKernel, "translate">,
  { start, end }: StackBounds,
): Moment {
  const from = registers.stackPointer;
  // An interrupt's handler may run on a stack of its own, which ends at a page's border, too.
  const isOnStack = start <= from && from < end;
  const ceiling = isOnStack ? end : (from / PAGE_BYTES + 1n) * PAGE_BYTES;
  const to = ceiling - from > BigInt(MOST_STACK_BYTES) ? from + BigInt(MOST_STACK_BYTES) : ceiling;
  const stack: Copy[] = [];
  for (let at = from; at < to; ) {
    const pageEnd = (at / PAGE_BYTES + 1n) * PAGE_BYTES;
    const next = pageEnd < to ? pageEnd : to;
    const address = kernel.translate(at);
    stack.push({ address, bytes: machine.readPhysical(address, Number(next - at)) });
    at = next;
  }
  return { registers, stack };
}

/** A machine as it is, except that its registers and that stack are those of a moment before. */
export function machineAt(
  machine: StoppedKernelParts["machine"],
  { registers, stack }: Moment,
): StoppedKernelParts["machine"] {
  return {
    arch: machine.arch,
    memoryBytes: machine.memoryBytes,
    registers: () => registers,
    readPhysical(address, length) {
      const bytes = machine.readPhysical(address, length);
      const start = BigInt(address);
      for (const copy of stack) overlay(bytes, start, copy);
      return bytes;
    },
  };
}

/** Puts into `bytes`, which begin at `start`, what of the copy lies in them. */
function overlay(bytes: Uint8Array, start: bigint, copy: Copy): void {
  const shift = Number(copy.address - start);
  const from = Math.max(0, shift);
  const to = Math.min(bytes.length, shift + copy.bytes.length);
  if (from < to) bytes.set(copy.bytes.subarray(from - shift, to - shift), from);
}
