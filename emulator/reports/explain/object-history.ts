import type { Frame, Report } from "../report.js";
import { functionName } from "./wording.js";

/** Functions that every allocation or release goes through: the one behind them is of interest. */
const ALLOCATORS =
  /^(?:_*kasan_|_*kmalloc|_*kmem_cache_|_*kfree|kvfree|kvmalloc|_*slab_|_*alloc_|krealloc|kmemdup|kstrdup|_*get_free_page|_*free_page|vmalloc|vfree|vzalloc|save_stack|set_track|stack_trace|stack_depot|_*do_kmalloc|_*do_kmem|_*cache_|kfence_|poison_|unpoison_|__vmalloc|free_percpu|pcpu_|skb_free_head|_*kmsan_|process_slab|___?slab|new_slab|allocate_slab|qlist_|quarantine_)/;

/** Who allocated the object and who freed it. */
export function objectHistory({ frames }: Report): string {
  const allocated = traceOwner(frames, /^alloc/i);
  const freed = traceOwner(frames, /^freed/i);
  const parts = [
    allocated === undefined ? "" : `allocated by ${allocated}`,
    freed === undefined ? "" : `freed by ${freed}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `; it was ${parts.join(" and ")}`;
}

/** The function that a trace such as "allocated" or "freed" leads to, behind the allocator. */
export function traceOwner(frames: readonly Frame[], trace: RegExp): string | undefined {
  const owner = frames.find(
    ({ symbol, trace: name, sure }) =>
      sure && symbol !== undefined && trace.test(name) && !ALLOCATORS.test(symbol),
  );
  return owner?.symbol === undefined ? undefined : functionName(owner.symbol);
}
