import type { Draft } from "./draft/draft.js";
import { isOfInlined } from "./draft/frame-line.js";
import type { FirstLineMatch } from "./kinds/first-lines.js";
import { unwinderWarning } from "./kinds/other-checks.js";

/**
 * Whether a first line that comes while a report is being read belongs to that report: as
 * the trap, BUG() or WARN() that carries a telling message, as the telling message inside
 * of a WARN(), or as the panic that it ends in. Otherwise it begins a report of its own.
 */
export function absorbs(draft: Draft, next: FirstLineMatch): boolean {
  const { firstLine, family, groups } = next;
  const telling = draft.telling;
  if (telling === undefined) return !draft.headerOver || family.kind === "panic";
  if (family.kind === "panic") return true;
  if (repeatsInlined(draft, next)) return true;
  if (next.panics && family === telling.family) return true;
  if (groups.die !== undefined) {
    const before = draft.matches.find((match) => match.groups.die !== undefined);
    return before === undefined
      ? !draft.headerOver
      : before.groups.die === groups.die && !draft.headerOver;
  }
  if (family.kind === "slab" && telling.family === family && groups.what !== undefined) {
    // kmem_cache_destroy() complains about what __kmem_cache_shutdown() has listed.
    return groups.what.startsWith("Slab cache still") && /Objects remaining/.test(draft.message);
  }
  // The unwinder may print it in the middle of any report's stack.
  if (family === unwinderWarning) return true;
  const carried = draft.matches.some((match) => match.firstLine.role === "vehicle");
  if (firstLine.role === "opening") {
    const twice = telling.firstLine === firstLine && telling.family.kind === "warning";
    return !draft.headerOver && !carried && !twice;
  }
  if (firstLine.role === "vehicle") return !draft.headerOver && !carried;
  const same = family === telling.family;
  // "… kthread starved for …" stands behind the stacks of the stalled processors.
  if (draft.headerOver) return same && family.kind === "rcu-stall" && !/INFO: /.test(next.message);
  if (telling.firstLine.role !== "telling") return true;
  return same && SAYS_MORE_THAN_ONCE.includes(family.kind);
}

/** Kinds that can have several telling lines in a row. */
const SAYS_MORE_THAN_ONCE: readonly string[] = [
  "rcu-stall",
  "lockdep",
  "hard-lockup",
  "stack-overflow",
  "double-fault",
];

/**
 * Tools that add sources write the first line once for each inlined function, the one that the
 * kernel printed last.
 */
function repeatsInlined(draft: Draft, next: FirstLineMatch): boolean {
  const last = draft.matches.at(-1);
  return !draft.headerOver && last?.firstLine === next.firstLine && isOfInlined(last.message);
}
