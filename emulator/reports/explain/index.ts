import type { Report, ReportKind } from "../report.js";
import type { Explain, ExplainContext, Explanation } from "./explanation.js";
import {
  explainSchedulingWhileAtomic,
  explainSleepingInAtomic,
} from "./families/atomic-context.js";
import { explainBadPage } from "./families/bad-page.js";
import { explainBug } from "./families/bug.js";
import { explainDebugObjects } from "./families/debug-objects.js";
import { explainDivideError } from "./families/divide-error.js";
import { explainDoubleFault } from "./families/double-fault.js";
import { explainGeneralProtection } from "./families/general-protection.js";
import { explainHungTask } from "./families/hung-task.js";
import { explainInvalidOpcode } from "./families/invalid-opcode.js";
import { explainKasan } from "./families/kasan.js";
import { explainKcsan } from "./families/kcsan.js";
import { explainKfence } from "./families/kfence.js";
import { explainKmsan } from "./families/kmsan.js";
import { explainListCorruption } from "./families/list-corruption.js";
import { explainLockdep } from "./families/lockdep.js";
import { explainHardLockup, explainSoftLockup } from "./families/lockups.js";
import { explainMemoryLeak } from "./families/memory-leak.js";
import { explainNullDereference } from "./families/null-dereference.js";
import { explainOutOfMemory } from "./families/out-of-memory.js";
import { explainPageFault } from "./families/page-fault.js";
import { explainPanic } from "./families/panic.js";
import { explainRcuStall } from "./families/rcu-stall.js";
import { explainRefcount } from "./families/refcount.js";
import { explainSlab } from "./families/slab.js";
import { explainSpinlock } from "./families/spinlock.js";
import { explainStackOverflow } from "./families/stack-overflow.js";
import { explainTrap } from "./families/trap.js";
import { explainUbsan } from "./families/ubsan.js";
import { explainUsercopy } from "./families/usercopy.js";
import { explainWarning } from "./families/warning.js";
import { explainWorkqueueLockup } from "./families/workqueue-lockup.js";
import { Scene } from "./scene.js";

export type { ExplainContext, Explanation } from "./explanation.js";

const EXPLAIN: Readonly<Record<ReportKind, Explain>> = {
  "null-dereference": explainNullDereference,
  "page-fault": explainPageFault,
  "general-protection": explainGeneralProtection,
  "divide-error": explainDivideError,
  "invalid-opcode": explainInvalidOpcode,
  trap: explainTrap,
  "double-fault": explainDoubleFault,
  "stack-overflow": explainStackOverflow,
  bug: explainBug,
  warning: explainWarning,
  usercopy: explainUsercopy,
  "bad-page": explainBadPage,
  "list-corruption": explainListCorruption,
  refcount: explainRefcount,
  "soft-lockup": explainSoftLockup,
  "hard-lockup": explainHardLockup,
  "rcu-stall": explainRcuStall,
  "hung-task": explainHungTask,
  "workqueue-lockup": explainWorkqueueLockup,
  "scheduling-while-atomic": explainSchedulingWhileAtomic,
  "sleeping-in-atomic": explainSleepingInAtomic,
  spinlock: explainSpinlock,
  lockdep: explainLockdep,
  kasan: explainKasan,
  kfence: explainKfence,
  kcsan: explainKcsan,
  kmsan: explainKmsan,
  ubsan: explainUbsan,
  slab: explainSlab,
  "memory-leak": explainMemoryLeak,
  "debug-objects": explainDebugObjects,
  "out-of-memory": explainOutOfMemory,
  panic: explainPanic,
};

/**
 * Says in plain language what a report means: what the kernel checked or hit, which pointer was
 * bad, and where it came from when that can be told. Says no more than report, code and sources
 * show; without a context it goes by the report's text alone.
 */
export async function explain(report: Report, context: ExplainContext = {}): Promise<Explanation> {
  return EXPLAIN[report.kind](new Scene(clipped(report), context));
}

/**
 * The kernel's own lines are shorter (kernel/printk/printk.c, LOG_LINE_MAX: below 1024). What
 * is longer comes from elsewhere, and patterns would take long for it.
 */
const LONGEST_LINE = 2048;

function clipped(report: Report): Report {
  const clip = (line: string): string => line.slice(0, LONGEST_LINE);
  return { ...report, message: clip(report.message), text: report.text.map(clip) };
}
