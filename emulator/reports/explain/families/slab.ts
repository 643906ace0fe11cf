import { type Explanation, fromText } from "../explanation.js";
import { capitalize, culpritName, findLine, functionName, linesLike } from "../wording.js";

/** The checks of CONFIG_SLUB_DEBUG: mm/slub.c and mm/slab_common.c. */
const CHECKS: readonly (readonly [pattern: RegExp, meaning: (cache: string) => string])[] = [
  [/Left Redzone/i, (cache) => `somebody has written in front of an object of ${cache}`],
  [/Redzone/i, (cache) => `somebody has written past the end of an object of ${cache}`],
  [/Poison/i, (cache) => `somebody has written to an object of ${cache} after it was freed`],
  [
    /Padding/i,
    (cache) =>
      `somebody has written far past the end of an object of ${cache}, into the padding behind it`,
  ],
  [/already free|double free/i, (cache) => `an object of ${cache} was freed that was free already`],
  [
    /allocated objects but \d+ are to be freed/,
    (cache) => `more objects of ${cache} were freed than were allocated`,
  ],
  [
    /Freepointer corrupt|Freechain corrupt|Freelist Pointer check fails/i,
    (cache) =>
      `the list of the free objects of ${cache} is damaged: somebody has written to an object after it was freed, or past the end of one`,
  ],
  [
    /Wrong object count|Wrong number of objects/i,
    (cache) => `the number of objects in ${cache} does not agree with its list of free ones`,
  ],
  [
    /Invalid object pointer|Attempt to free object|No slab cache for object/i,
    (cache) => `an address was freed at which no object of ${cache} begins`,
  ],
  [
    /Objects remaining|still has objects/i,
    (cache) => `${cache} was destroyed while objects of it were still allocated`,
  ],
  [
    /Wrong slab cache|object is from/i,
    (cache) => `an object was freed into ${cache} that came from another one`,
  ],
];

const CACHE_NAMES: readonly RegExp[] = [
  /BUG:? (\S+) \(/,
  /Wrong slab cache\. (\S+)/,
  /Objects remaining in (\S+)/,
  /kmem_cache_destroy (\S+): Slab cache still has objects/,
];

export const explainSlab = fromText((report): Explanation => {
  const cache = CACHE_NAMES.map((pattern) => findLine(report, pattern)?.[1]).find(
    (name) => name !== undefined,
  );
  const name = cache === undefined ? "a slab cache" : `the slab cache \`${cache}\``;
  const head = [report.message, ...report.text.slice(0, 6)].join("\n");
  const meaning = CHECKS.find(([pattern]) => pattern.test(head))?.[1](name);
  const byte = findLine(report, /First byte (0x[0-9a-f]+) instead of (0x[0-9a-f]+)/);
  const allocated = findLine(report, /Allocated in ([\w.]+)\+/)?.[1];
  const freed = findLine(report, /Freed in ([\w.]+)\+/)?.[1];
  const found = culpritName(report);
  const history = [
    allocated === undefined ? "" : `allocated by ${functionName(allocated)}`,
    freed === undefined ? "" : `last freed by ${functionName(freed)}`,
  ].filter((part) => part !== "");
  const changed = byte === undefined ? "" : ` (${byte[1]} where ${byte[2]} belongs)`;
  const object = history.length === 0 ? "" : `; the object was ${history.join(" and ")}`;
  const where = found === undefined ? "" : `; that was found in ${found}`;
  return {
    sentence: `${capitalize(meaning ?? `a check of ${name} failed`)}${changed}${object}${where}.`,
    evidence: [
      report.message,
      ...linesLike(report, /First byte|^\s*(?:Allocated|Freed) in/).slice(0, 3),
    ],
  };
});
