import { hex, orElse } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { StackTrace } from "../stack-frame.js";
import type { GuestTask } from "../task.js";
import { currentTaskAddress, isCurrent, readTask } from "../tasks/task-reader.js";
import { processorStacks, taskStacks } from "./stacks.js";
import { unwind } from "./unwind.js";

/** The calls that the processor is in. */
export function processorStack(view: KernelView): StackTrace {
  if (((view.registers.segments.cs ?? 0) & 3) !== 0) {
    return { frames: [], end: { kind: "not-in-kernel" }, stacks: [] };
  }
  const stacks = [...currentTaskStacks(view), ...processorStacks(view, 0)];
  const { instructionPointer, stackPointer, framePointer } = view.registers;
  const position = { instructionPointer, stackPointer, framePointer };
  return guarded(() => unwind(view, { kind: "executing", position }, stacks));
}

/** The calls of any task; those of the current one are the processor's. */
export function taskStack(view: KernelView, task: GuestTask): StackTrace {
  if (isCurrent(view, task.address)) return processorStack(view);
  return guarded(() => {
    // get_frame_pointer(), arch/x86/include/asm/stacktrace.h: what __switch_to_asm has pushed.
    const saved = view.structure("task_struct", task.address).unsigned("thread.sp");
    const { start, end } = task.stack;
    if (saved < start || saved >= end) {
      const why = `Its saved stack pointer ${hex(saved)} is not on its stack.`;
      return { frames: [], end: { kind: "broken", why, entry: undefined }, stacks: [] };
    }
    const frame = view.structure("inactive_task_frame", saved).addressOf("bp");
    return unwind(view, { kind: "switched-out", frame }, taskStacks(task));
  });
}

function currentTaskStacks(view: KernelView): ReturnType<typeof taskStacks> {
  return orElse(
    () => taskStacks(readTask(view, currentTaskAddress(view, 0))),
    () => [],
  );
}

/** Without the kernel's symbols and types there is nothing to follow a stack with. */
function guarded(read: () => StackTrace): StackTrace {
  return orElse(read, ({ message }) => ({
    frames: [],
    end: { kind: "broken", why: message, entry: undefined },
    stacks: [],
  }));
}
