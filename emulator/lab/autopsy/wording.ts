import type {
  Autopsy,
  AutopsyContext,
  AutopsyPlace,
  AutopsyTask,
  BlockedTask,
  Finding,
  Lock,
} from "./autopsy.js";

/** Parts of the sentences in which an autopsy speaks. */

/** `hello_write()` at `hello.c:77`. */
export function placeName({ function: name, file, line }: AutopsyPlace): string {
  return `\`${name}()\`${file === undefined || line === undefined ? "" : ` at \`${baseName(file)}:${line}\``}`;
}

/** `a.out` (pid 57). */
export function taskName({ command, pid }: Pick<AutopsyTask, "command" | "pid">): string {
  return `\`${command}\` (pid ${pid})`;
}

const TYPE_WORDS: Readonly<Record<Lock["type"], string>> = {
  spinlock_t: "spinlock",
  rwlock_t: "read-write lock",
  "struct mutex": "mutex",
  "struct rw_semaphore": "read-write semaphore",
  "struct semaphore": "semaphore",
  "struct rt_mutex": "mutex",
  "struct completion": "completion",
  wait_queue_head_t: "wait queue",
};

/** the spinlock `hello_lock`, or one at an address. */
export function lockName({ address, type, name }: Lock): string {
  return name === undefined
    ? `the ${TYPE_WORDS[type]} inside the object at 0x${address.toString(16)}`
    : `the ${TYPE_WORDS[type]} \`${name}\``;
}

/** `hello_lock`, where the type has been said. */
export function shortLockName({ address, name }: Lock): string {
  return name === undefined ? `the lock at 0x${address.toString(16)}` : `\`${name}\``;
}

export function milliseconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What a processor is in that works for no task. */
export const CONTEXT_WORDS: Readonly<Record<Exclude<AutopsyContext, "task">, string>> = {
  softirq: "a softirq",
  interrupt: "an interrupt handler",
  nmi: "an NMI handler",
};

/** `a.out` (pid 57), or what has interrupted it. */
export function actor(context: AutopsyContext, task: AutopsyTask | undefined): string {
  if (context === "task") return task === undefined ? "the processor" : taskName(task);
  const whom = task?.pid === 0 ? "the idle processor" : task && taskName(task);
  const interrupted = whom === undefined ? "" : ` that interrupted ${whom}`;
  return `${CONTEXT_WORDS[context]}${interrupted}`;
}

/** How a lock's holder came to it, and who waits. */
export interface HolderStory {
  readonly lock: Lock;
  readonly task: AutopsyTask;
  readonly acquired: AutopsyPlace | undefined;
  readonly waiting: AutopsyPlace | undefined;
  readonly waiter: AutopsyTask | undefined;
  readonly waiterContext: AutopsyContext;
  readonly isWaiter: boolean;
  /** The function that took it has not returned. */
  readonly isInside: boolean;
  /** The task that took it has ended. */
  readonly hasEnded: boolean;
  /** What its command is now: it may have started another program since. */
  readonly commandNow: string | undefined;
}

export function holderSentence(story: HolderStory): string {
  const {
    lock,
    task,
    acquired,
    waiting,
    waiter,
    waiterContext,
    isWaiter,
    isInside,
    hasEnded,
    commandNow,
  } = story;
  const name = shortLockName(lock);
  const renamed =
    commandNow === undefined || commandNow === task.command ? "" : `, now \`${commandNow}\`,`;
  const taken =
    acquired === undefined
      ? `${name} belongs to ${taskName(task)}`
      : `${name} was acquired in ${placeName(acquired)} by ${taskName(task)}${renamed}`;
  const place = waiting === undefined ? undefined : placeName(waiting);
  if (isWaiter && isInside && waiterContext === "task") {
    return capitalize(
      `${taken}, which still has it and waits for it again${place === undefined ? "" : ` in ${place}`}: it waits for itself.`,
    );
  }
  if (isWaiter && isInside && waiterContext !== "task") {
    return capitalize(
      `${taken}, which still has it; ${place ?? "code"}, in ${CONTEXT_WORDS[waiterContext]} that interrupted it, ` +
        "has been waiting for it since, and the task cannot go on before that returns.",
    );
  }
  const kept = isInside
    ? ", which still has it"
    : hasEnded
      ? ", which has ended, and never released"
      : acquired === undefined
        ? ""
        : " and never released";
  const other = waiter !== undefined && !isWaiter ? `, for ${taskName(waiter)},` : "";
  const waits =
    place === undefined
      ? waiter === undefined
        ? "it is being waited for"
        : `${taskName(waiter)} has been waiting for it since`
      : `${place}${other} has been waiting for it since`;
  return capitalize(`${taken}${kept}; ${waits}.`);
}

export function unknownHolder(reason: string): string {
  return `It cannot be told who holds it: ${reason}.`;
}

export function findingSentence(
  finding: Finding,
  {
    context,
    task,
    interruptsEnabled,
    blocked,
  }: Pick<Autopsy, "context" | "task" | "interruptsEnabled" | "blocked">,
): string {
  const who = actor(context, task);
  switch (finding.kind) {
    case "spinning-on-lock": {
      const lock = finding.lock === undefined ? "a lock" : lockName(finding.lock);
      const where = finding.waiting === undefined ? "" : ` in ${placeName(finding.waiting)}`;
      return capitalize(
        `${who} spins for ${lock}${where}; nobody else can run meanwhile to release it.`,
      );
    }
    case "looping": {
      const where = finding.loop === undefined ? "the kernel" : placeName(finding.loop);
      const off = interruptsEnabled ? "" : ", with interrupts off,";
      return capitalize(`${who} goes round in ${where}${off} and does not come out.`);
    }
    case "halted-with-interrupts-off": {
      const where = finding.halted === undefined ? "" : ` in ${placeName(finding.halted)}`;
      return capitalize(
        `${who} halted the processor${where} with interrupts off: nothing can wake it.`,
      );
    }
    case "panicked": {
      const where = finding.panicked === undefined ? "" : ` in ${placeName(finding.panicked)}`;
      return `The kernel panicked${where}: ${finding.message}.`;
    }
    case "blocked":
      return blockedSentence(finding.cycle, blocked);
    case "running":
      return "Nothing was found that would keep the guest from going on.";
  }
}

function blockedSentence(cycle: readonly AutopsyTask[], blocked: readonly BlockedTask[]): string {
  if (cycle.length > 1) {
    const own = cycle.flatMap(({ pid }) => blocked.find(({ task }) => task.pid === pid) ?? []);
    const details = own.map(({ sentence }) => sentence.replace(/\.$/, "")).join("; ");
    return `${cycle.map(taskName).join(" and ")} wait for each other, and none of them can go on: ${details}.`;
  }
  const [first, ...others] = blocked;
  if (first === undefined) return "Tasks sleep for what does not come.";
  if (others.length === 0) return first.sentence;
  const more = others.length === 1 ? "another task is" : `${others.length} more tasks are`;
  return `${first.sentence.replace(/\.$/, "")}; ${more} blocked, too.`;
}

export function blockedTaskSentence({
  task,
  waiting,
  waitingFor,
}: Pick<BlockedTask, "task" | "waiting" | "waitingFor">): string {
  const where = waiting === undefined ? "" : ` in ${placeName(waiting)}`;
  const sleeps = `${taskName(task)} sleeps${where}`;
  switch (waitingFor.kind) {
    case "unknown":
      return `${sleeps}, and no signal wakes it.`;
    case "completion":
      return `${sleeps} for ${lockName(waitingFor.lock)}, which nobody has completed.`;
    case "wait-queue":
      return `${sleeps} on ${lockName(waitingFor.lock)}, and has not been woken.`;
    case "lock": {
      const { lock, holder } = waitingFor;
      const sleepsFor = `${sleeps} for ${lockName(lock)}`;
      if (holder?.kind !== "known") return `${sleepsFor}.`;
      const who = holder.isWaiter ? "it" : taskName(holder.task);
      const what =
        holder.acquired === undefined
          ? `which ${who} has`
          : `which ${who} took in ${placeName(holder.acquired)} and has not released`;
      return `${sleepsFor}, ${what}${holder.isWaiter ? ": it waits for itself" : ""}.`;
    }
  }
}
