import { orElse } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { StackTrace } from "../stack-frame.js";
import type { GuestTask } from "../task.js";

export type Stack = StackTrace["stacks"][number];

/** Members of `struct cpu_entry_area` that are stacks, where the processor's kind has them. */
const ENTRY_AREA_STACKS = [
  ["entry_stack_page", "entry"],
  ["doublefault_stack", "exception"],
  ["estacks", "exception"],
] as const;

/** The stacks of a task: get_stack_info(), arch/x86/kernel/dumpstack_32.c and dumpstack_64.c. */
export function taskStacks(task: GuestTask): readonly Stack[] {
  return [{ kind: "task", ...task.stack }];
}

/** The stacks that a processor has for interrupts and exceptions. */
export function processorStacks(view: KernelView, cpu: number): readonly Stack[] {
  return [
    ...orElse(() => interruptStack(view, cpu, "hardirq_stack_ptr", "hardirq"), none),
    ...orElse(() => interruptStack(view, cpu, "softirq_stack_ptr", "softirq"), none),
    ...orElse(() => entryAreaStacks(view, cpu), none),
  ];
}

function interruptStack(
  view: KernelView,
  cpu: number,
  symbol: string,
  kind: Stack["kind"],
): readonly Stack[] {
  const pointer = view.memory.word(view.perCpu(symbol, cpu));
  if (pointer === 0n) return [];
  const bytes = BigInt(view.types.sizeOf("irq_stack"));
  if (view.arch.irqStackPointer === "start") {
    return [{ kind, start: pointer, end: pointer + bytes }];
  }
  const end = pointer + BigInt(view.arch.wordBytes);
  return [{ kind, start: end - bytes, end }];
}

function entryAreaStacks(view: KernelView, cpu: number): readonly Stack[] {
  const area = view.structure(
    "cpu_entry_area",
    view.memory.word(view.perCpu("cpu_entry_area", cpu)),
  );
  return ENTRY_AREA_STACKS.flatMap(([member, kind]) => {
    if (!area.has(member)) return [];
    const start = area.addressOf(member);
    const { bytes } = view.types.member("cpu_entry_area", member);
    return [{ kind, start, end: start + BigInt(bytes) }];
  });
}

/** What cannot be read is no stack that anything could be on. */
const none = (): readonly Stack[] => [];
