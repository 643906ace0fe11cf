import type { Report, ReportKind } from "../report.js";
import type { Explain, ExplainContext, Explanation } from "./explanation.js";
import {
  explainSchedulingWhileAtomic,
  explainSleepingInAtomic,
  explainSpinlock,
} from "./families/atomic-context.js";
import { explainBug, explainWarning } from "./families/bug-and-warning.js";
import { explainGeneralProtection } from "./families/general-protection.js";
import { explainKasan, explainKcsan, explainKfence, explainKmsan } from "./families/kasan.js";
import { explainListCorruption, explainRefcount } from "./families/list-corruption.js";
import { explainLockdep } from "./families/lockdep.js";
import {
  explainHardLockup,
  explainHungTask,
  explainRcuStall,
  explainSoftLockup,
  explainWorkqueueLockup,
} from "./families/lockups.js";
import {
  explainBadPage,
  explainDebugObjects,
  explainMemoryLeak,
  explainOutOfMemory,
  explainPanic,
} from "./families/memory.js";
import { explainNullDereference } from "./families/null-dereference.js";
import { explainPageFault } from "./families/page-fault.js";
import { explainSlab } from "./families/slab.js";
import {
  explainDivideError,
  explainDoubleFault,
  explainInvalidOpcode,
  explainStackOverflow,
  explainTrap,
} from "./families/traps.js";
import { explainUbsan } from "./families/ubsan.js";
import { explainUsercopy } from "./families/usercopy.js";
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
  return EXPLAIN[report.kind](new Scene(report, context));
}
