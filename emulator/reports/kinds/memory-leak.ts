import { isAllocator, nameMatcher } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

/** What allocates on behalf of its caller, outside of the allocators. */
const isCopying = nameMatcher(
  `memdup_user* strndup_user* vmemdup_user* kvasprintf* kasprintf* kstrdup_quotable* kmalloc_reserve __alloc_skb* alloc_skb*`,
);

export const memoryLeak: Family = {
  kind: "memory-leak",
  firstLines: [
    {
      starts: ["BUG: memory leak"],
      pattern: /^BUG: memory leak\s*$/,
      from: "syzkaller's reader of /sys/kernel/debug/kmemleak",
      role: "opening",
    },
    {
      starts: ["unreferenced object 0x", "kmemleak: unreferenced object 0x"],
      pattern: /^(?:kmemleak: )?unreferenced object (?:\(percpu\) )?0x[0-9a-f]{8,16} \(size \d+\):/,
      from: "mm/kmemleak.c, print_unreferenced()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("memory leak", facts),
  never: (name, module) => isAllocator(name, module) || isCopying(name),
  ownTrace: /^backtrace/,
  body: /^(?:(?:kmemleak: )?\s+(?:comm "|hex dump|backtrace|[0-9a-f]{2} [0-9a-f]{2} )|\s+\[<[0-9a-f]{8,16}>\]|\s+\.\.\.)/,
  missing: traceMissing,
};
