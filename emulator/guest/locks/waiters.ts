import { GuestError, orElse } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { TaskReference, Waiters } from "../lock-word.js";
import { listEntries } from "../memory/linked-list.js";
import { readTask } from "../tasks/task-reader.js";

/** There are not more tasks than that. */
const MOST_WAITERS = 16_384;

/** A task by its address; what cannot be read there is no task any more. */
export function taskReference(view: KernelView, address: bigint): TaskReference {
  const task = orElse(
    () => readTask(view, address),
    () => undefined,
  );
  return { address, task };
}

/**
 * The tasks in a lock's list of those that wait, which lie on their stacks.
 * @param type of an entry, which has the task as `task`.
 * @param link the entry's member that is in the list.
 */
export function readWaiters(view: KernelView, head: bigint, type: string, link: string): Waiters {
  const list = listEntries(view, head, "waiting tasks", MOST_WAITERS);
  const waiters: TaskReference[] = [];
  const missing = [...list.missing];
  for (const entry of list.items) {
    try {
      const waiter = view.structure(type, view.container(entry, type, link));
      waiters.push(taskReference(view, waiter.unsigned("task")));
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      missing.push(`A waiting task: ${error.message}`);
    }
  }
  return { waiters, missing };
}
