import { GuestError, hex } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { PartialList } from "../partial-list.js";

/**
 * The `struct list_head`s of a list, its own head left out: include/linux/list.h. Where the chain
 * is damaged it is followed backwards from its end up to there.
 * @param most entries that such a list may have.
 */
export function listEntries(
  view: KernelView,
  head: bigint,
  what: string,
  most: number,
): PartialList<bigint> {
  const seen = new Set<bigint>([head]);
  const forward = follow(view, head, "next", seen, most);
  if (forward.broken === undefined) return { items: forward.entries, missing: [] };
  const backward = follow(view, head, "prev", seen, most - forward.entries.length);
  return {
    items: [...forward.entries, ...backward.entries.reverse()],
    missing: [
      `The list of ${what} is damaged behind its entry ${forward.entries.length}: ` +
        `${forward.broken} Some may be missing.`,
    ],
  };
}

function follow(
  view: KernelView,
  head: bigint,
  direction: "next" | "prev",
  seen: Set<bigint>,
  most: number,
): { readonly entries: bigint[]; readonly broken: string | undefined } {
  const entries: bigint[] = [];
  for (let at = head; ; ) {
    let next: bigint;
    try {
      next = view.structure("list_head", at).unsigned(direction);
      // An entry that cannot be read is none.
      if (next !== head) view.memory.word(next);
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      return { entries, broken: error.message };
    }
    if (next === head) return { entries, broken: undefined };
    if (seen.has(next)) return { entries, broken: `it leads back to ${hex(next)}.` };
    if (entries.length >= most) return { entries, broken: `it has more than ${most} entries.` };
    seen.add(next);
    entries.push(next);
    at = next;
  }
}
