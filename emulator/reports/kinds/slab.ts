import { isAllocator } from "../no-culprits.js";
import type { Facts, Family } from "./family.js";
import { inCulprit, ownFrames } from "./family.js";

/** What is wrong and, for some, whose call the checker blames: of the allocation, or of the free. */
const TRACKS: readonly (readonly [what: RegExp, trace: string])[] = [
  // A write behind the end of an object: whoever knows its size.
  [/^(?:Left |Right )?Redzone overwritten/, "allocated in"],
  // A write after the free.
  [/^Poison overwritten/, "freed in"],
];
/** The checkers come across these long after they have happened. */
const FOUND_LATE =
  /^(?:Freechain corrupt|Freepointer corrupt|Wrong (?:object count|number of objects)|Padding overwritten|Not a valid slab)/;
const REMAINING = /^(?:Objects remaining in |Slab cache still has objects)/;

function complaint({ groups }: Pick<Facts, "groups">): string {
  return groups.what ?? groups.what2 ?? "Slab corruption";
}

function words(facts: Facts): string {
  const what = complaint(facts);
  if (REMAINING.test(what)) return "Objects remaining";
  return what.replace(/[.:] .*$|\s{0,4}0x[0-9a-f]+.*$|\s{0,4}\(.*$/, "");
}

export const slab: Family = {
  kind: "slab",
  firstLines: [
    {
      starts: ["BUG "],
      pattern:
        /^BUG (?<cache>\S.{0,63}?) \((?:Not tainted|Tainted: [A-Z ]{1,32})\): (?!kasan: )(?<what>.{1,200})/,
      from: "mm/slub.c, slab_bug()",
      role: "telling",
    },
    {
      starts: ["slab error in ", "Slab corruption"],
      pattern:
        /^(?:slab error in \w{1,64}\(\): cache [`'](?<cache>[^']{1,64})': (?<what>.{1,120})|(?<what2>Slab corruption))/,
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
      // Since 5.16 it is a WARN(), and ends with who called.
      pattern:
        /^(?:kmem_cache_destroy (?<cache>\S{1,64}): (?<what>Slab cache still has objects)$|cache [`'][^']{1,64}': (?<what2>double free detected))/,
      from: "mm/slab_common.c, kmem_cache_destroy()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit(`BUG: ${words(facts)}`, facts),
  suspects: (facts) => {
    const what = complaint(facts);
    if (FOUND_LATE.test(what)) return [];
    const track = TRACKS.find(([words]) => words.test(what))?.[1];
    const tracked = facts.frames.filter(({ trace }) => trace === track);
    return tracked.length > 0 ? tracked : facts.frames.filter(({ trace }) => trace === "call");
  },
  never: (name, module) => isAllocator(name, module) || name === "shutdown_cache",
  body: /^(?:INFO: |(?:Allocated|Freed) in |Slab 0x|Object |Bytes b4|Redzone |Padding |FIX |[0-9a-f]{8,16}: |\s*[0-9a-f]{2,4}: |0x[0-9a-f]{8,16}-0x|Single bit error|Last user: |Prev obj|Next obj|start=|Run a memory test)/,
  missing: (facts) => {
    if (ownFrames(facts).every(({ trace }) => trace !== "call")) {
      return "The end is cut off: the stack trace is missing.";
    }
    return facts.message.startsWith("kmem_cache_destroy")
      ? "The start is cut off: the list of the remaining objects is missing."
      : undefined;
  },
};
