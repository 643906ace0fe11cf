import type { Family } from "./family.js";
import { panicTitle } from "./panic.js";

export const outOfMemory: Family = {
  kind: "out-of-memory",
  firstLines: [
    {
      starts: ["*invoked oom-killer: "],
      pattern: /^(?<comm>.{1,64}?) invoked oom-killer: gfp_mask=/,
      from: "mm/oom_kill.c, dump_header()",
      role: "telling",
    },
    {
      starts: ["*: page allocation failure"],
      pattern: /^(?<comm>.{1,64}?): page allocation (?<failure>failure|stalls for)/,
      from: "mm/page_alloc.c, warn_alloc()",
      role: "telling",
    },
  ],
  title: ({ groups: { failure }, text }) => {
    if (failure !== undefined) return "page allocation failure";
    const panic = text.findLast((line) => line.startsWith("Kernel panic - not syncing: "));
    if (panic !== undefined) return panicTitle(panic.slice("Kernel panic - not syncing: ".length));
    return text.some((line) =>
      /^(?:Memory cgroup out of memory|Task in .{1,512} killed)/.test(line),
    )
      ? "Memory cgroup out of memory"
      : "Out of memory";
  },
  // Who asks for the last page is not to blame for the others.
  suspects: () => [],
  body: /^(?:Mem-Info:|active_anon|\s+(?:active|inactive|unevictable|slab_|mapped:|free:|isolated|dirty:|kernel_misc|sec_pagetables)|Node \d|\d+ (?:total pagecache|pages|pagecache)|lowmem_reserve|DMA|Normal|HighMem|Swap cache|Free swap|Total swap|Swap |\[ *(?:pid|\d+) *\]|Tasks state|Memory cgroup|memory: usage|memory\+swap|swap: usage|kmem: usage|oom-kill:|Out of memory|Task in |anon \d|cache:|Killed process|oom_reaper:|Tasks in |Memory cgroup out of memory|Unreclaimable slab|Name +Used|\S+ +\d+KB +\d+KB|.{1,32} cpuset=|Total|COMPACTION|SLUB: Unable|\s+cache: |\s+node \d|warn_alloc|zone|memory\.|\w+ \d+$)/,
  isOver: ({ text }) =>
    /^(?:(?:Memory cgroup o|O)ut of memory|Killed process)/.test(text.at(-1) ?? "") ||
    /^oom_reaper/.test(text.at(-1) ?? ""),
  missing: (facts) => {
    if (facts.groups.failure !== undefined) {
      return facts.frames.length === 0 ? "It has no frames." : undefined;
    }
    const named = facts.text.some((line) => /Killed process|[Oo]ut of memory|oom-kill:/.test(line));
    return named || facts.panicked
      ? undefined
      : "The end is cut off: the line that names the killed process is missing.";
  },
};
