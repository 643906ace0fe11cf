import { schedulingWhileAtomic, sleepingInAtomic } from "./atomic.js";
import { badPage } from "./bad-page.js";
import { bug } from "./bug.js";
import { debugObjects } from "./debug-objects.js";
import type { Family } from "./family.js";
import { hungTask } from "./hung-task.js";
import { kasan } from "./kasan.js";
import { kcsan } from "./kcsan.js";
import { kfence } from "./kfence.js";
import { kmsan } from "./kmsan.js";
import { listCorruption } from "./list-corruption.js";
import { lockdep } from "./lockdep.js";
import { hardLockup, softLockup } from "./lockups.js";
import { memoryLeak } from "./memory-leak.js";
import { otherCheck, unwinderWarning } from "./other-checks.js";
import { outOfMemory } from "./out-of-memory.js";
import { nullDereference, pageFault } from "./page-fault.js";
import { panic } from "./panic.js";
import { rcuStall } from "./rcu-stall.js";
import { netdeviceReference, refcount } from "./refcount.js";
import { slab } from "./slab.js";
import { spinlock } from "./spinlock.js";
import { doubleFault, stackOverflow } from "./stack-overflow.js";
import { divideError, generalProtection, invalidOpcode, trap } from "./traps.js";
import { ubsan } from "./ubsan.js";
import { usercopy } from "./usercopy.js";
import { warning } from "./warning.js";
import { workqueueLockup } from "./workqueue-lockup.js";

/** Every family of reports. Where the first lines of two are alike, the first here has it. */
export const FAMILIES: readonly Family[] = [
  nullDereference,
  pageFault,
  generalProtection,
  divideError,
  invalidOpcode,
  doubleFault,
  stackOverflow,
  trap,
  usercopy,
  listCorruption,
  refcount,
  netdeviceReference,
  softLockup,
  hardLockup,
  rcuStall,
  hungTask,
  workqueueLockup,
  schedulingWhileAtomic,
  sleepingInAtomic,
  spinlock,
  lockdep,
  kasan,
  kfence,
  kcsan,
  kmsan,
  ubsan,
  slab,
  memoryLeak,
  debugObjects,
  badPage,
  outOfMemory,
  bug,
  warning,
  panic,
  unwinderWarning,
  otherCheck,
];
