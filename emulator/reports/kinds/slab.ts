import { isAllocator } from "../no-culprits.js";
import type { Family } from "./family.js";
import { traceMissing } from "./family.js";

export const slab: Family = {
  kind: "slab",
  firstLines: [
    {
      starts: ["BUG "],
      pattern:
        /^BUG (?<cache>\S.{0,63}?) \((?:Not tainted|Tainted: [A-Z ]{1,32})\): (?<what>.{1,200})/,
      from: "mm/slub.c, slab_bug()",
      role: "telling",
    },
    {
      starts: ["slab error in ", "Slab corruption"],
      pattern:
        /^(?:slab error in (?<checker>\w{1,64})\(\): cache [`'](?<cache>[^']{1,64})': (?<what>.{1,120})|(?<what2>Slab corruption))/,
      from: "mm/slab.c, __slab_error()",
      role: "telling",
    },
    {
      starts: ["pagealloc: "],
      pattern: /^pagealloc: (?<what>memory corruption|single bit error)/,
      from: "mm/page_poison.c, check_poison_mem()",
      role: "telling",
    },
    {
      starts: ["kmem_cache_destroy ", "cache `"],
      pattern:
        /^(?:kmem_cache_destroy \S{1,64}: (?<what>Slab cache still has objects)|cache [`'][^']{1,64}': (?<what2>double free detected))/,
      from: "mm/slab_common.c, kmem_cache_destroy()",
      role: "telling",
    },
  ],
  title: ({ groups: { what, what2 } }) => {
    const words = (what ?? what2 ?? "slab corruption")
      .replace(/0x[0-9a-f]+(?:-0x[0-9a-f]+)?/g, "ADDR")
      .replace(/ in \S+ on __kmem_cache_shutdown\(\)/, " on __kmem_cache_shutdown()")
      .replace(/\d+/g, "N");
    return `BUG: ${words.trim()}`;
  },
  never: isAllocator,
  body: /^(?:INFO: |(?:Allocated|Freed) in |Slab 0x|Object |Bytes b4|Redzone |Padding |FIX |[0-9a-f]{8,16}: |\s*[0-9a-f]{2,4}: |0x[0-9a-f]{8,16}-0x|Single bit error|Last user: |Prev obj|Next obj|start=|Run a memory test)/,
  missing: traceMissing,
};
