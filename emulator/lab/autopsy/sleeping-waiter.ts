import type { Btf, GuestTask, StoppedKernel } from "../../guest/index.js";
import type { LockType } from "./autopsy.js";

/**
 * What a sleeping task waits for. It lies in a list of waiters with an element on its own stack
 * (kernel/locking/mutex.c, rwsem.c, semaphore.c, kernel/sched/swait.c, wait.c), and the list's
 * head lies in what is waited for.
 */
export interface SleepingWaiter {
  readonly type: LockType;
  readonly address: bigint;
}

interface WaiterKind {
  readonly type: LockType;
  /** A function that a task sleeps in for it. */
  readonly sleepsIn: RegExp;
  /** The structure on the stack, its pointer to the task, and its link in the list. */
  readonly waiter: readonly [structure: string, task: string, link: string];
  /** The structure that is waited for, and the list's head in it. */
  readonly owner: readonly [structure: string, head: string];
}

const KINDS: readonly WaiterKind[] = [
  {
    type: "struct mutex",
    sleepsIn: /^__(?:ww_)?mutex_lock/,
    waiter: ["mutex_waiter", "task", "list"],
    owner: ["mutex", "wait_list"],
  },
  {
    type: "struct rw_semaphore",
    sleepsIn: /^(?:rwsem_down_(?:read|write)_slowpath|down_(?:read|write)\b)/,
    waiter: ["rwsem_waiter", "task", "list"],
    owner: ["rw_semaphore", "wait_list"],
  },
  {
    type: "struct semaphore",
    sleepsIn: /^(?:__)?down(?:_common|_interruptible|_killable|_timeout)?$/,
    waiter: ["semaphore_waiter", "task", "list"],
    owner: ["semaphore", "wait_list"],
  },
  {
    type: "struct completion",
    sleepsIn: /^(?:do_)?wait_for_(?:common|completion)/,
    waiter: ["swait_queue", "task", "task_list"],
    owner: ["completion", "wait.task_list"],
  },
  {
    type: "wait_queue_head_t",
    sleepsIn: /^(?:prepare_to_wait|do_wait_intr|schedule)/,
    waiter: ["wait_queue_entry", "private", "entry"],
    owner: ["wait_queue_head", "head"],
  },
];

/** Elements of a list that are followed. */
const LONGEST_LIST = 1024;
/** Of a stack that are looked through, from the top of what is used: waiting is done near it. */
const MOST_STACK_BYTES = 2048;

export interface SleepingWaiterContext {
  readonly kernel: Pick<StoppedKernel, "word" | "words" | "taskAt">;
  readonly types: Btf;
}

/**
 * @param functions those on the task's stack, the innermost first.
 * @param stackPointer of the sleeping task; undefined where that is not known.
 * @returns undefined where it waits for something else, or where that cannot be read.
 */
export function sleepingWaiter(
  task: Pick<GuestTask, "address" | "stack">,
  functions: readonly string[],
  stackPointer: bigint | undefined,
  context: SleepingWaiterContext,
): SleepingWaiter | undefined {
  const kind = KINDS.find(({ sleepsIn }) => functions.some((name) => sleepsIn.test(name)));
  if (kind === undefined || stackPointer === undefined) return undefined;
  try {
    const head = findHead(kind, task, stackPointer, context);
    if (head === undefined) return undefined;
    const [structure, member] = kind.owner;
    return {
      type: kind.type,
      address: head - BigInt(context.types.member(structure, member).offset),
    };
  } catch {
    // Its stack or its list is damaged: then it is not known.
    return undefined;
  }
}

function findHead(
  { waiter: [structure, taskMember, linkMember] }: WaiterKind,
  { address: taskAddress, stack }: Pick<GuestTask, "address" | "stack">,
  stackPointer: bigint,
  context: SleepingWaiterContext,
): bigint | undefined {
  const { kernel, types } = context;
  const taskOffset = BigInt(types.member(structure, taskMember).offset);
  const linkOffset = BigInt(types.member(structure, linkMember).offset);
  const limit = stackPointer + BigInt(MOST_STACK_BYTES);
  const end = limit < stack.end ? limit : stack.end;
  const { pointerBytes } = types;
  const words = kernel.words(stackPointer, Math.floor(Number(end - stackPointer) / pointerBytes));
  for (const [index, word] of words.entries()) {
    if (word !== taskAddress) continue;
    const waiter = stackPointer + BigInt(index * pointerBytes) - taskOffset;
    const head = listHead(waiter + linkOffset, context, (link) =>
      isOnStackOfWaiter(link, linkOffset, taskOffset, context),
    );
    if (head !== undefined) return head;
  }
  return undefined;
}

/**
 * Goes round a list that a link is in: forwards and back must agree, and of all elements one is
 * no waiter.
 */
function listHead(
  start: bigint,
  { kernel, types }: SleepingWaiterContext,
  isWaiter: (link: bigint) => boolean,
): bigint | undefined {
  let head: bigint | undefined;
  let link = start;
  for (let count = 0; count < LONGEST_LIST; count++) {
    let next: bigint;
    try {
      next = kernel.word(link);
      if (kernel.word(next + BigInt(types.pointerBytes)) !== link) return undefined;
    } catch {
      return undefined; // Not a list: the word on the stack was something else.
    }
    if (next === start) return head;
    if (!isWaiter(next)) {
      if (head !== undefined) return undefined;
      head = next;
    }
    link = next;
  }
  return undefined;
}

/** Whether a link belongs to a waiter: what it says is its task has a stack, and this is in it. */
function isOnStackOfWaiter(
  link: bigint,
  linkOffset: bigint,
  taskOffset: bigint,
  { kernel }: SleepingWaiterContext,
): boolean {
  try {
    const { stack } = kernel.taskAt(kernel.word(link - linkOffset + taskOffset));
    return stack.start <= link && link < stack.end;
  } catch {
    return false;
  }
}
