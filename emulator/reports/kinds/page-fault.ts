import type { Family, FirstLine } from "./family.js";
import { callOfNothing, inCulprit, oopsMissing } from "./family.js";

const FROM = "arch/x86/mm/fault.c, show_fault_oops()";

const nullLines: readonly FirstLine[] = [
  {
    starts: ["BUG: kernel NULL pointer dereference", "BUG: unable to handle kernel NULL"],
    pattern: /^BUG: (?:unable to handle )?kernel NULL pointer dereference/,
    from: FROM,
    role: "telling",
  },
  {
    // Until 4.19 it was printed in two pieces, which others' lines could get between.
    starts: ["NULL pointer dereference at "],
    pattern: /^NULL pointer dereference at (?:\(null\)|\s|[0-9a-f]{8,16}$)/,
    from: FROM,
    role: "telling",
  },
  {
    // Until 2.6.25; other architectures still say it so.
    starts: ["Unable to handle kernel NULL pointer"],
    pattern: /^Unable to handle kernel NULL pointer dereference/,
    from: "arch/x86/mm/fault.c, do_page_fault()",
    role: "telling",
  },
];

/** A page fault near address 0. */
export const nullDereference: Family = {
  kind: "null-dereference",
  firstLines: nullLines,
  title: (facts) => inCulprit("BUG: unable to handle kernel NULL pointer dereference", facts),
  trusts: callOfNothing,
  missing: oopsMissing,
};

/** A page fault anywhere else. */
export const pageFault: Family = {
  kind: "page-fault",
  firstLines: [
    {
      starts: ["BUG: unable to handle"],
      pattern: /^BUG: unable to handle (?:kernel paging request|page fault) (?:at|for)/,
      from: FROM,
      role: "telling",
    },
    {
      // A page-table walk on behalf of user space went wrong: pgtable_bad().
      starts: ["Unable to handle kernel paging", "BUG: unable to handle kernel access"],
      pattern:
        /^(?:Unable to handle kernel paging request|BUG: unable to handle kernel (?<access>access to user memory))/,
      from: FROM,
      role: "telling",
    },
    {
      starts: ["paging request at "],
      pattern: /^paging request at [0-9a-f]{8,16}$/,
      from: FROM,
      role: "telling",
    },
    {
      starts: ["BUG: unable to handle kernel"],
      pattern: /^BUG: unable to handle kernel\s*$/,
      from: FROM,
      role: "opening",
    },
    {
      starts: ["kernel tried to execute NX", "unable to execute userspace code"],
      pattern: /^(?:kernel tried to execute NX-protected page|unable to execute userspace code)/,
      from: FROM,
      role: "opening",
    },
    {
      starts: ["Oops: 0", "Oops: Oops: 0"],
      pattern: /^Oops: (?:Oops: )?[0-9a-f]{4} \[#(?<die>\d+)\]/,
      from: "arch/x86/kernel/dumpstack.c, __die_header()",
      role: "vehicle",
    },
    {
      // CONFIG_X86_PAE's and others' corrupted page tables.
      starts: ["BUG: Bad pagetable", "Bad pagetable:"],
      pattern: /^(?:BUG: )?Bad pagetable: [0-9a-f]{4} \[#(?<die>\d+)\]/,
      from: "arch/x86/mm/fault.c, pgtable_bad()",
      role: "telling",
    },
  ],
  title: (facts) =>
    inCulprit(
      facts.groups.access !== undefined
        ? "BUG: unable to handle kernel access to user memory"
        : "BUG: unable to handle kernel paging request",
      facts,
    ),
  trusts: callOfNothing,
  missing: oopsMissing,
};
