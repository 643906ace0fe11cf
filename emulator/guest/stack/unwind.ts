import { hex, orElse } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import {
  type KernelEntry,
  lookUpAddress,
  type SavedRegisters,
  type StackEnd,
  type StackFrame,
  type StackTrace,
} from "../stack-frame.js";
import { type CodePosition, findCaller } from "./caller.js";
import { KernelCode } from "./kernel-code.js";
import { kernelEntry } from "./kernel-entry.js";
import { entryRegistersAddress, readSavedRegisters } from "./saved-registers.js";
import { StackSpace } from "./stack-space.js";
import type { Stack } from "./stacks.js";

/** Twice as many as fit on a stack in practice. */
const MOST_FRAMES = 256;
/** What assembly pushes below the registers that it has saved. */
const MOST_ENTRY_WORDS = 8;
/** Of what may have been return addresses, behind the end of a damaged chain. */
const MOST_GUESSES = 32;

/** Where a trace begins. */
export type UnwindStart =
  | { readonly kind: "executing"; readonly position: CodePosition }
  /** A task that another one was switched to: its frame pointer's place on its stack. */
  | { readonly kind: "switched-out"; readonly frame: bigint };

/**
 * Follows the frame pointers of a kernel's stack, across the registers that it saves when it is
 * entered: arch/x86/kernel/unwind_frame.c.
 * @param stacks those that can be expected; others are taken as they come, twice.
 */
export function unwind(view: KernelView, start: UnwindStart, stacks: readonly Stack[]): StackTrace {
  return new Unwinder(view, stacks).run(start);
}

class Unwinder {
  readonly #view: KernelView;
  readonly #code: KernelCode;
  readonly #space: StackSpace;
  readonly #word: bigint;
  readonly #registersBytes: bigint;
  readonly #frames: StackFrame[] = [];

  constructor(view: KernelView, stacks: readonly Stack[]) {
    this.#view = view;
    this.#code = new KernelCode(view);
    this.#space = new StackSpace(view, stacks);
    this.#word = BigInt(view.arch.wordBytes);
    this.#registersBytes = BigInt(view.types.sizeOf("pt_regs"));
  }

  run(start: UnwindStart): StackTrace {
    const end = this.#attempt(() =>
      start.kind === "executing"
        ? this.#interrupted(start.position, undefined, undefined)
        : this.#follow(start.frame),
    );
    return { frames: this.#frames, end, stacks: this.#space.visited };
  }

  /** From a place that the processor stood at, now or when it was interrupted. */
  #interrupted(
    position: CodePosition,
    foundAt: bigint | undefined,
    interruptedBy: KernelEntry | undefined,
  ): StackEnd {
    const { framePointer } = position;
    if (this.#code.isEntryCode(position.instructionPointer)) {
      return this.#inEntryCode(position, foundAt, interruptedBy);
    }
    const caller = findCaller(this.#view, this.#code, position);
    this.#push({
      instructionPointer: position.instructionPointer,
      isReturnAddress: false,
      foundAt,
      framePointer: caller.kind === "framed" ? this.#plain(framePointer) : undefined,
      reliable: true,
      ...(interruptedBy !== undefined && { interruptedBy }),
    });
    if (caller.kind === "framed") return this.#follow(framePointer);

    const problem = this.#space.advance(caller.returnAt, this.#word);
    if (problem !== undefined) {
      return this.#broken(`The stack pointer is ${hex(position.stackPointer)}: ${problem}.`);
    }
    // The frame may begin right there, where the return address of its first function lies.
    const address = this.#view.memory.word(caller.returnAt);
    this.#pushReturn(address, caller.returnAt, framePointer, caller.certain);
    return this.#isAtEnd(caller.returnAt - this.#word)
      ? this.#threadEnd()
      : this.#follow(framePointer);
  }

  /**
   * Assembly that the kernel is entered and left by. Its frame pointer is the program's, until it
   * is that of the saved registers; of a system call it is never that.
   */
  #inEntryCode(
    { instructionPointer, stackPointer, framePointer }: CodePosition,
    foundAt: bigint | undefined,
    interruptedBy: KernelEntry | undefined,
  ): StackEnd {
    this.#push({
      instructionPointer,
      isReturnAddress: false,
      foundAt,
      framePointer: undefined,
      reliable: true,
      ...(interruptedBy !== undefined && { interruptedBy }),
    });
    const registers = this.#view.arch.decodeFramePointer(framePointer);
    // On the way out they are taken from the stack one by one, but are still there.
    const afterRegisters = stackPointer - (registers ?? stackPointer);
    if (registers !== undefined && afterRegisters >= 0n && afterRegisters <= this.#registersBytes) {
      return this.#crossRegisters(registers);
    }
    const problem = this.#space.advance(stackPointer, 0n);
    if (problem !== undefined) {
      return this.#broken(`The stack pointer is ${hex(stackPointer)}: ${problem}.`);
    }
    const end = this.#threadEndRegisters();
    const room = BigInt(MOST_ENTRY_WORDS) * this.#word;
    if (end !== undefined && stackPointer <= end && stackPointer >= end - room) {
      return this.#threadEnd();
    }
    if (!this.#space.isAhead(registers ?? framePointer)) {
      return this.#broken("Here the kernel is entered or left; not all registers are saved.");
    }
    return this.#follow(framePointer);
  }

  #follow(first: bigint): StackEnd {
    for (let frame = first; ; ) {
      if (this.#frames.length >= MOST_FRAMES) return { kind: "limit" };
      const registers = this.#view.arch.decodeFramePointer(frame);
      if (registers !== undefined) return this.#crossRegisters(registers);
      const problem = this.#space.advance(frame, 2n * this.#word);
      if (problem !== undefined) {
        return this.#broken(`The frame pointer is ${hex(frame)}: ${problem}.`);
      }
      const returnAt = frame + this.#word;
      const address = this.#view.memory.word(returnAt);
      const next = this.#view.memory.word(frame);
      // Where a thread began there may be no address that it would return to.
      const last = this.#isAtEnd(frame);
      if (address !== 0n || !last) {
        if (!this.#isReturnAddress(address)) {
          return this.#broken(`At ${hex(returnAt)} is no return address, but ${hex(address)}.`);
        }
        this.#pushReturn(address, returnAt, next, true);
      }
      if (last) return this.#threadEnd();
      frame = next;
    }
  }

  #crossRegisters(address: bigint): StackEnd {
    const problem = this.#space.advance(address, this.#registersBytes);
    if (problem !== undefined) {
      return this.#broken(`Saved registers at ${hex(address)}: ${problem}.`);
    }
    const registers = readSavedRegisters(this.#view, address);
    const entry = this.#entry(registers);
    if (registers.userMode) return { kind: "user-mode", entry };
    if (address === this.#threadEndRegisters()) return { kind: "start" };
    const foundAt = this.#view.structure("pt_regs", address).addressOf("ip");
    return this.#interrupted(registers, foundAt, entry);
  }

  /** A thread's first frame is below the registers that its program entered the kernel with. */
  #threadEnd(): StackEnd {
    const address = this.#threadEndRegisters();
    const registers = address === undefined ? undefined : readSavedRegisters(this.#view, address);
    return registers?.userMode
      ? { kind: "user-mode", entry: this.#entry(registers) }
      : { kind: "start" };
  }

  #entry(registers: SavedRegisters): KernelEntry {
    const [handler, assembly] = [this.#frames.at(-2), this.#frames.at(-1)];
    return kernelEntry(this.#view, registers, {
      assembly: assembly && this.#functionName(assembly),
      handler:
        assembly !== undefined && this.#code.isEntryCode(assembly.instructionPointer)
          ? handler && this.#functionName(handler)
          : assembly && this.#functionName(assembly),
    });
  }

  #functionName(frame: StackFrame): string | undefined {
    return this.#view.symbols.find(lookUpAddress(frame))?.name;
  }

  /** is_last_task_frame(), but for the frames of ftrace, which the kernel has not. */
  #isAtEnd(frame: bigint): boolean {
    const registers = this.#threadEndRegisters();
    if (registers === undefined) return false;
    const last = registers - 2n * this.#word;
    if (frame === last) return true;
    const realigned = last - BigInt(this.#view.arch.realignWords) * this.#word;
    if (frame !== realigned) return false;
    const { memory } = this.#view;
    return memory.word(frame + this.#word) === memory.word(last + this.#word);
  }

  #threadEndRegisters(): bigint | undefined {
    const stack = this.#space.current;
    if (stack === undefined || (stack.kind !== "task" && stack.kind !== "unknown"))
      return undefined;
    return entryRegistersAddress(this.#view, stack.start);
  }

  #isReturnAddress(address: bigint): boolean {
    // On a stack that was not expected, anything may be.
    return this.#space.current?.kind === "unknown"
      ? this.#code.callBefore(address) !== undefined
      : this.#code.contains(address);
  }

  #pushReturn(address: bigint, foundAt: bigint, framePointer: bigint, reliable: boolean): void {
    this.#push({
      instructionPointer: address,
      isReturnAddress: true,
      foundAt,
      framePointer: this.#plain(framePointer),
      reliable,
    });
  }

  #push(frame: StackFrame): void {
    this.#frames.push(frame);
  }

  /** A frame pointer that does not stand for saved registers. */
  #plain(framePointer: bigint): bigint | undefined {
    const marked = this.#view.arch.decodeFramePointer(framePointer) !== undefined;
    return marked || framePointer === 0n ? undefined : framePointer;
  }

  /** What of the rest of the stack could be a return address, and what its far end tells. */
  #broken(why: string): StackEnd {
    const stack = this.#space.current;
    if (stack === undefined) return { kind: "broken", why, entry: undefined };
    const entry = orElse(
      () => {
        let guesses = 0;
        for (let at = this.#space.position; at + this.#word <= stack.end; at += this.#word) {
          const address = this.#view.memory.word(at);
          if (this.#code.callBefore(address) === undefined) continue;
          if (++guesses > MOST_GUESSES || this.#frames.length >= MOST_FRAMES) break;
          this.#pushReturn(address, at, 0n, false);
        }
        const end = this.#threadEnd();
        return end.kind === "user-mode" ? end.entry : undefined;
      },
      () => undefined,
    );
    return { kind: "broken", why, entry };
  }

  #attempt(run: () => StackEnd): StackEnd {
    return orElse(run, ({ message }) => this.#broken(message));
  }
}
