import type { KernelView } from "../kernel-view.js";
import { threadSize } from "../tasks/task-reader.js";
import type { Stack } from "./stacks.js";

/** Stacks that nothing is known of, in one trace: one more than a task switch needs. */
const MOST_UNKNOWN = 2;

/**
 * The stacks that a trace goes over. It goes up in each, and comes to each only once, so that it
 * ends whatever is on them.
 */
export class StackSpace {
  readonly #known: readonly Stack[];
  readonly #threadSize: bigint;
  readonly #wordBytes: bigint;
  readonly #kernelStart: bigint;
  readonly #visited: Stack[] = [];
  /** What lies below has been passed. */
  #position = 0n;

  /** @throws GuestError `unsupported` where the size of stacks cannot be told. */
  constructor(view: KernelView, known: readonly Stack[]) {
    this.#known = known;
    this.#threadSize = threadSize(view);
    this.#wordBytes = BigInt(view.arch.wordBytes);
    this.#kernelStart = view.kernelStart;
  }

  get visited(): readonly Stack[] {
    return this.#visited;
  }

  get current(): Stack | undefined {
    return this.#visited.at(-1);
  }

  /** Where the trace has got to. */
  get position(): bigint {
    return this.#position;
  }

  /** An address lies further up on the stack that the trace has got to. */
  isAhead(address: bigint): boolean {
    const { current } = this;
    return current !== undefined && contains(current, address, 0n) && address >= this.#position;
  }

  /**
   * Goes up to some bytes of a stack.
   * @returns why not, if they do not lie further up on this stack or on one that is new.
   */
  advance(address: bigint, bytes: bigint): string | undefined {
    if (address % this.#wordBytes !== 0n) return "it is not aligned";
    const current = this.current;
    if (current !== undefined && contains(current, address, bytes)) {
      if (address < this.#position) return "it leads back";
      this.#position = address + bytes;
      return undefined;
    }
    const next = this.#find(address, bytes);
    if (next === undefined) return "it leads to no stack";
    if (this.#visited.some(({ start }) => start === next.start)) {
      return "it leads back to a stack that it came from";
    }
    this.#visited.push(next);
    this.#position = address + bytes;
    return undefined;
  }

  #find(address: bigint, bytes: bigint): Stack | undefined {
    const known = this.#known.find((stack) => contains(stack, address, bytes));
    if (known !== undefined) return known;
    const unknown = this.#visited.filter(({ kind }) => kind === "unknown");
    if (unknown.length >= MOST_UNKNOWN) return undefined;
    // THREAD_SIZE is what a task's stack is aligned to.
    const start = address - (address % this.#threadSize);
    const stack: Stack = { kind: "unknown", start, end: start + this.#threadSize };
    return start >= this.#kernelStart && contains(stack, address, bytes) ? stack : undefined;
  }
}

function contains(stack: Stack, address: bigint, bytes: bigint): boolean {
  return stack.start <= address && address + bytes <= stack.end;
}
