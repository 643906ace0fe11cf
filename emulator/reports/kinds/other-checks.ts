import type { Family } from "./family.js";
import { inCulprit } from "./family.js";

/** Checks that print a line that begins with `BUG:` or the like, and a stack, and go on. */
export const otherCheck: Family = {
  kind: "bug",
  firstLines: [
    {
      starts: ["BUG: using "],
      pattern: /^BUG: (?<using>using \S{1,64} in preemptible)/,
      from: "lib/smp_processor_id.c, check_preemption_disabled()",
      role: "telling",
    },
    {
      starts: ["BUG: workqueue leaked"],
      pattern: /^BUG: (?<leaked>workqueue leaked) (?:lock or )?atomic/,
      from: "kernel/workqueue.c, process_one_work()",
      role: "telling",
    },
    {
      starts: ["BUG: Dentry "],
      pattern: /^BUG: (?<dentry>Dentry) \S/,
      from: "fs/dcache.c, umount_check()",
      role: "telling",
    },
    {
      starts: ["VFS: Busy inodes after unmount"],
      pattern: /^VFS: (?<inodes>Busy inodes after unmount)/,
      from: "fs/super.c, generic_shutdown_super()",
      role: "telling",
    },
  ],
  title: (facts) => {
    const { using, leaked, dentry } = facts.groups;
    if (using !== undefined) return inCulprit(`BUG: ${using} code`, facts);
    if (leaked !== undefined) return inCulprit("BUG: workqueue leaked lock or atomic", facts);
    if (dentry !== undefined) return inCulprit("BUG: Dentry still in use", facts);
    return "VFS: Busy inodes after unmount (use-after-free)";
  },
};

/** The unwinder comes across a damaged stack, perhaps while it prints another report's. */
export const unwinderWarning: Family = {
  kind: "warning",
  firstLines: [
    {
      starts: ["WARNING: kernel stack "],
      pattern:
        /^WARNING: kernel stack (?<what>frame pointer|regs) at \S{1,40} in .{1,64}:\d+ has bad (?<register>'\w{1,4}' )?value/,
      from: "arch/x86/kernel/unwind_frame.c, unwind_next_frame()",
      role: "vehicle",
    },
  ],
  title: ({ groups: { what, register = "" } }) =>
    `WARNING: kernel stack ${what} has bad ${register}value`,
};
