import type { GuestTask, LockTypeName, LockWord, StackTrace } from "../../guest/index.js";
import type { Lock, LockType } from "./autopsy.js";
import type { FollowedModule } from "./followed-module.js";
import {
  type AttemptingTask,
  asTask,
  isUnderWay,
  type LockAttempt,
  lastThroughEachSlot,
} from "./lock-attempt.js";
import type { LockLog, UnfollowedModule } from "./lock-log.js";
import { milliseconds } from "./wording.js";

/** What a stopped guest and the log say of who has a lock, before it is put into words. */
export type HolderEvidence =
  | {
      readonly kind: "known";
      readonly lock: Lock;
      readonly task: AttemptingTask;
      /** Undefined where only the lock's memory names the holder. */
      readonly attempt: LockAttempt | undefined;
      readonly evidence: readonly string[];
    }
  | { readonly kind: "unknown"; readonly lock: Lock; readonly reason: string };

/** What of a log is asked for. */
export interface HolderLog extends Pick<LockLog, "attempts" | "allAttempts" | "gapsSince"> {
  readonly modules: readonly Pick<FollowedModule, "name" | "facts">[];
  readonly unfollowed: readonly UnfollowedModule[];
}

export interface HolderContext {
  /** Undefined when locks are not followed at all. */
  readonly log: HolderLog | undefined;
  /** The stack of a task that lives; undefined for one that has ended. */
  stackOf(task: AttemptingTask): StackTrace | undefined;
  readLock(address: bigint, type: LockTypeName): LockWord | undefined;
}

const BTF_NAMES: Readonly<Partial<Record<LockType, LockTypeName>>> = {
  spinlock_t: "spinlock_t",
  rwlock_t: "rwlock_t",
  "struct mutex": "mutex",
  "struct rw_semaphore": "rw_semaphore",
  "struct semaphore": "semaphore",
  "struct completion": "completion",
};

/** Functions after which others may have the lock, too. */
const SHARED = /read|^down(?:$|_(?:interruptible|killable|trylock|timeout)$)/;

/** Finds who has a lock that somebody waits for. */
export function holderEvidence(lock: Lock, context: HolderContext): HolderEvidence {
  const type = BTF_NAMES[lock.type];
  const word = type && context.readLock(lock.address, type);
  const owner = word && ownerOf(word);
  const evidence = word === undefined ? [] : [describeWord(lock, word)];
  const taken = takenAttempts(lock, context);
  if (owner !== undefined) {
    const attempt = taken.findLast(
      ({ task }) => task.address === owner.address && task.pid === owner.pid,
    );
    return { kind: "known", lock, task: attempt?.task ?? asTask(owner), attempt, evidence };
  }
  const unknown = (reason: string): HolderEvidence => ({ kind: "unknown", lock, reason });
  if (word !== undefined && !isHeld(word)) {
    return unknown("its memory says that nobody has it");
  }
  const { log } = context;
  if (log === undefined) return unknown("locks were not followed");
  const last = taken.at(-1);
  if (last === undefined) return unknown(whyUnseen(lock, log));
  const gap = log.gapsSince(last.guestMs, lock.type)[0];
  if (gap !== undefined) {
    return unknown(
      `\`${gap.module}\` took locks so often that each time could not be noted at ` +
        `${milliseconds(gap.fromMs)} of the guest's time`,
    );
  }
  if (last.outcome === "unknown") {
    return unknown(`whether \`${last.callee}()\` returned with it was not seen`);
  }
  const holders = SHARED.test(last.callee) ? new Set(taken.map(({ task }) => task.pid)).size : 1;
  if (holders > 1) {
    return unknown(`${holders} tasks have taken it, and which of them gave it back is not noted`);
  }
  return { kind: "known", lock, task: last.task, attempt: last, evidence };
}

/** The attempts that have got the lock, as far as the log goes back. */
function takenAttempts({ address }: Lock, { log, stackOf }: HolderContext): LockAttempt[] {
  const last = lastThroughEachSlot(log?.allAttempts() ?? []);
  return (log?.attempts(address) ?? []).filter((attempt) => {
    const frames = stackOf(attempt.task)?.frames ?? [];
    return !(last.has(attempt) && isUnderWay(attempt, frames));
  });
}

function whyUnseen({ module }: Lock, log: HolderLog): string {
  const unfollowed = log.unfollowed.find(({ name }) => name === module) ?? log.unfollowed[0];
  if (unfollowed !== undefined) {
    return `the locks of \`${unfollowed.name}\` were not followed, because ${unfollowed.why}`;
  }
  const late = log.modules.find(({ name, facts }) => name === module && !facts.fromTheStart);
  if (late !== undefined) {
    return `\`${late.name}\` has only been followed since ${milliseconds(late.facts.sinceMs)} of the guest's time`;
  }
  const others = log.modules.find(({ facts }) => facts.others > 0);
  if (others !== undefined) {
    return `\`${others.name}\` takes locks by instructions that are not followed`;
  }
  return "no module was seen to take it, so that the kernel itself has, or its memory was overwritten";
}

function ownerOf(word: LockWord): GuestTask | undefined {
  if (word.kind === "mutex") return word.owner?.task;
  if (word.kind === "rw_semaphore" && word.writeLocked) return word.owner?.task;
  return undefined;
}

function isHeld(word: LockWord): boolean {
  switch (word.kind) {
    case "spinlock":
    case "mutex":
      return word.locked;
    case "rwlock":
    case "rw_semaphore":
      return word.writeLocked || word.readers > 0;
    case "semaphore":
      return word.count === 0;
    case "completion":
      return word.done === 0;
  }
}

function describeWord({ address }: Lock, word: LockWord): string {
  const at = `at 0x${address.toString(16)}`;
  switch (word.kind) {
    case "spinlock":
      return `The lock's word ${at} is 0x${word.value.toString(16)}: ${word.locked ? "it is taken" : "it is free"}${word.pending || word.tailCpu !== undefined ? ", and somebody waits" : ""}.`;
    case "rwlock":
      return `The lock's word ${at} is 0x${word.value.toString(16)}: ${word.writeLocked ? "a writer has it" : `${word.readers} readers have it`}${word.writerWaiting ? ", and a writer waits" : ""}.`;
    case "mutex":
      return word.owner === undefined
        ? `The mutex ${at} names no owner.`
        : `The mutex ${at} names its owner, the task at 0x${word.owner.address.toString(16)}.`;
    case "rw_semaphore":
      return `The semaphore ${at} says that ${word.writeLocked ? "a writer has it" : `${word.readers} readers have it`}.`;
    case "semaphore":
      return `The semaphore ${at} lets ${word.count === 0 ? "nobody" : word.count} through.`;
    case "completion":
      return `The completion ${at} has been completed ${word.done} times.`;
  }
}
