import { GuestError, hex, orElse } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { GuestTask } from "../task.js";
import { taskStateLetter } from "./task-state.js";

/** PF_KTHREAD of include/linux/sched.h. */
const PF_KTHREAD = 0x0020_0000;
/** PID_MAX_LIMIT of a kernel with CONFIG_BASE_SMALL=n, include/linux/threads.h. */
const PID_MAX_LIMIT = 4 * 1024 * 1024;

/** @throws GuestError where no task is. */
export function readTask(view: KernelView, address: bigint): GuestTask {
  const task = view.structure("task_struct", address);
  const pid = task.signed("pid");
  const tgid = task.signed("tgid");
  if (!isPid(pid) || !isPid(tgid)) {
    throw new GuestError("damaged", `At ${hex(address)} is no task: its pid is ${pid}.`, address);
  }
  const state = task.number(task.has("__state") ? "__state" : "state");
  const exitState = task.number("exit_state");
  const flags = task.number("flags");
  const start = task.unsigned("stack");
  return {
    address,
    pid,
    tgid,
    comm: task.text("comm"),
    state: taskStateLetter(state, exitState),
    stateWord: (state | exitState) >>> 0,
    flags,
    kernelThread: (flags & PF_KTHREAD) !== 0,
    cpu: task.number(task.has("cpu") ? "cpu" : "thread_info.cpu"),
    // Without CONFIG_SMP there is no such member, and one task that it would be true for.
    onCpu: task.has("on_cpu") ? task.number("on_cpu") !== 0 : isCurrent(view, address),
    mm: task.pointer("mm"),
    stack: { start, end: view.memory.wrap(start + threadSize(view)) },
  };
}

/** The `task_struct` that a processor executes. @throws GuestError */
export function currentTaskAddress(view: KernelView, cpu: number): bigint {
  return view.memory.word(view.perCpu("current_task", cpu));
}

/**
 * Bytes of a task's kernel stack, THREAD_SIZE: that much room the linker script gives the first
 * task's (INIT_TASK_DATA in include/asm-generic/vmlinux.lds.h).
 * @throws GuestError `unsupported`
 */
export function threadSize(view: KernelView): bigint {
  for (const [start, end] of INIT_STACK_MARKS) {
    const from = view.symbols.addressOf(start);
    const to = view.symbols.addressOf(end);
    if (from === undefined || to === undefined) continue;
    if (to - from > 0n && to - from <= LARGEST_STACK) return to - from;
  }
  throw new GuestError("unsupported", "The kernel's symbols do not tell how large a stack is.");
}

const INIT_STACK_MARKS = [
  ["init_thread_union", "__end_init_task"],
  ["init_thread_union", "__end_init_stack"],
] as const;
/** With KASAN it is 32 or 64 KiB. */
const LARGEST_STACK = 256n * 1024n;

/** Whether a task is what the first processor executes. */
export function isCurrent(view: KernelView, address: bigint): boolean {
  return orElse(
    () => currentTaskAddress(view, 0) === address,
    () => false,
  );
}

function isPid(value: number): boolean {
  return value >= 0 && value <= PID_MAX_LIMIT;
}
