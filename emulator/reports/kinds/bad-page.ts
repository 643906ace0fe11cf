import { isAllocator } from "../no-culprits.js";
import type { Family } from "./family.js";
import { traceMissing } from "./family.js";

export const badPage: Family = {
  kind: "bad-page",
  firstLines: [
    {
      starts: ["BUG: Bad page ", "BUG: Bad rss-counter", "BUG: non-zero ", "BUG: Bad swap file"],
      pattern:
        /^BUG: (?<what>Bad page (?:state|map|cache)|Bad rss-counter state|non-zero (?:pgtables_bytes|nr_ptes|nr_pmds) on freeing mm|Bad swap file entry)(?: in process (?<comm>.{1,64}?) {1,2}(?:pfn|pte|pmd|pud|pgd):)?/,
      from: "mm/page_alloc.c, bad_page(); mm/memory.c, print_bad_pte(); kernel/fork.c, check_mm()",
      role: "telling",
    },
  ],
  title: ({ groups: { what } }) => `BUG: ${what}`,
  never: isAllocator,
  body: /^(?:page:|page dumped|page->|flags: |raw: |bad because of|addr:|file:|page_owner|page last|page allocated|memcg:|anon |head: |aops:|page_type)/,
  missing: (facts) =>
    /^BUG: (?:Bad page|Bad swap)/.test(facts.message) ? traceMissing(facts) : undefined,
};
