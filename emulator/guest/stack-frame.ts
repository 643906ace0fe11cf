import type { StackBounds } from "./task.js";

/** What the kernel saved of the code that it was entered from (`struct pt_regs`). */
export interface SavedRegisters {
  /** Of the `pt_regs`. */
  readonly address: bigint;
  readonly instructionPointer: bigint;
  /**
   * Of the interrupted code. A 32-bit processor saves none when it stays in the kernel: then it
   * is where the saved registers end.
   */
  readonly stackPointer: bigint;
  readonly framePointer: bigint;
  readonly flags: bigint;
  readonly userMode: boolean;
  /** All of them by the names of the structure's members (`ax`, `orig_ax`, …). */
  readonly members: Readonly<Record<string, bigint>>;
}

/** Why the processor came into the kernel, or from one place in it to another. */
export type KernelEntry =
  | {
      readonly kind: "system-call";
      readonly number: number;
      /** `read`, as in syscalls(2); undefined for a number that the kernel does not know. */
      readonly name: string | undefined;
      readonly registers: SavedRegisters;
    }
  | {
      /** `unknown`: a processor came in, and what it was handled by is no name that tells. */
      readonly kind: "interrupt" | "exception" | "unknown";
      /** The function that handled it, `sysvec_apic_timer_interrupt` or `exc_page_fault`. */
      readonly handler: string | undefined;
      readonly registers: SavedRegisters;
    };

/** One function that has been called and has not returned. */
export interface StackFrame {
  /**
   * Where its code goes on. For a return address that is behind the call: to name the call's
   * line, look up the byte before.
   */
  readonly instructionPointer: bigint;
  readonly isReturnAddress: boolean;
  /** Where on the stack that was found; undefined for the processor's own register. */
  readonly foundAt: bigint | undefined;
  /** The function's own frame pointer, if it has set one up. */
  readonly framePointer: bigint | undefined;
  /**
   * The chain of frame pointers leads here; otherwise it is a guess: a value on the stack that
   * could be a return address, which the kernel's own traces mark with `?`.
   */
  readonly reliable: boolean;
  /** The function did not call: it was interrupted at this place, by this. */
  readonly interruptedBy?: KernelEntry;
}

/** How a walk along a stack ended. */
export type StackEnd =
  /** The processor executes the program itself: nothing is on the kernel's stack. */
  | { readonly kind: "not-in-kernel" }
  /** At the registers of the program that entered the kernel. */
  | { readonly kind: "user-mode"; readonly entry: KernelEntry }
  /** Where the thread itself, or the processor's idle task, began. */
  | { readonly kind: "start" }
  /** The chain is damaged, or leads to where nothing is mapped. */
  | {
      readonly kind: "broken";
      readonly why: string;
      /** How the program came into the kernel, where the stack's far end still tells. */
      readonly entry: KernelEntry | undefined;
    }
  /** There are more frames than anyone reads. */
  | { readonly kind: "limit" };

/** The calls of a task, the innermost first. */
export interface StackTrace {
  readonly frames: readonly StackFrame[];
  readonly end: StackEnd;
  /** The stacks that it goes over, the innermost first: a task's and those of interrupts. */
  readonly stacks: readonly (StackBounds & {
    readonly kind: "task" | "hardirq" | "softirq" | "exception" | "entry" | "unknown";
  })[];
}

/** What a frame is to be named by: a call may be the last instruction of its function. */
export function lookUpAddress({
  instructionPointer,
  isReturnAddress,
}: Pick<StackFrame, "instructionPointer" | "isReturnAddress">): bigint {
  return isReturnAddress ? instructionPointer - 1n : instructionPointer;
}

/** Whether a call has not returned yet: at this place on the stack it still finds where to. */
export function hasReturn(frames: readonly StackFrame[], slot: bigint, address: bigint): boolean {
  return frames.some(
    ({ foundAt, instructionPointer }) => foundAt === slot && instructionPointer === address,
  );
}
