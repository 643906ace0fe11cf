import { isAllocator, nameMatcher } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, traceMissing } from "./family.js";

/** What checks pages and page tables while it frees or maps them. */
const isFreeing =
  nameMatcher(`print_bad_pte print_bad_page_map free_tail_page_prepare free_tail_pages_check
  free_pages_prepare* free_page_is_bad* check_mm __mmdrop vm_normal_page* __vm_normal_page page_remove_rmap
  bad_page* __bad_page*`);

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
  title: (facts) => {
    const { what } = facts.groups;
    return what === "Bad page state" ? inCulprit(`BUG: ${what}`, facts) : `BUG: ${what}`;
  },
  never: (name, module) => isAllocator(name, module) || isFreeing(name),
  body: /^(?:page:|page dumped|page->|flags: |raw: |bad because of|addr:|file:|page_owner|page last|page allocated|memcg:|anon |head: |aops:|page_type)/,
  missing: (facts) =>
    /^BUG: (?:Bad page|Bad swap)/.test(facts.message) ? traceMissing(facts) : undefined,
};
