import { GuestError } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import { listEntries } from "../memory/linked-list.js";
import type { PartialList } from "../partial-list.js";
import { cpusOnline } from "../system-facts.js";
import type { GuestTask } from "../task.js";
import { readTask } from "./task-reader.js";

/** More than fit into the memory of such a machine: each has a stack of 8 KiB. */
const MOST_TASKS = 16_384;

/**
 * The idle task of the first processor, every process that its list leads to with all of its
 * threads, and the other processors' idle tasks, which are in no list.
 */
export function listTasks(view: KernelView): PartialList<GuestTask> {
  const missing: string[] = [];
  const tasks = new Map<bigint, GuestTask>();
  const seen = new Set<bigint>();
  const attempt = (what: string, read: () => void): void => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      missing.push(`${what}: ${error.message}`);
    }
  };
  const add = (address: bigint): void => {
    if (seen.has(address) || seen.size >= MOST_TASKS) return;
    seen.add(address);
    attempt("A task", () => tasks.set(address, readTask(view, address)));
  };

  attempt("The list of tasks", () => {
    const first = view.symbol("init_task");
    add(first);
    const head = view.structure("task_struct", first).addressOf("tasks");
    const processes = listEntries(view, head, "processes", MOST_TASKS);
    missing.push(...processes.missing);
    for (const entry of processes.items) {
      const leader = view.container(entry, "task_struct", "tasks");
      add(leader);
      attempt("The threads of a process", () => {
        const threads = listThreads(view, leader);
        missing.push(...threads.missing);
        for (const thread of threads.items) add(thread);
      });
    }
  });
  attempt("The idle tasks", () => {
    for (const cpu of cpusOnline(view)) {
      const idle = view.structure("rq", view.perCpu("runqueues", cpu)).pointer("idle");
      if (idle !== undefined) add(idle);
    }
  });
  return { items: [...tasks.values()], missing };
}

function listThreads(view: KernelView, leader: bigint): PartialList<bigint> {
  const signal = view.structure("task_struct", leader).pointer("signal");
  // A process that is being torn down has none any more.
  if (signal === undefined) return { items: [], missing: [] };
  const head = view.structure("signal_struct", signal).addressOf("thread_head");
  const threads = listEntries(view, head, "a process's threads", MOST_TASKS);
  return {
    items: threads.items.map((entry) => view.container(entry, "task_struct", "thread_node")),
    missing: threads.missing,
  };
}
