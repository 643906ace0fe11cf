import { type Explanation, fromText } from "../explanation.js";
import { culpritName, findLine, functionName, linesLike } from "../wording.js";

/** The checks of CONFIG_SLUB_DEBUG: mm/slub.c. */
const CHECKS: readonly (readonly [pattern: RegExp, meaning: (name: string) => string])[] = [
  [
    /Left Redzone|Redzone overwritten.*left/i,
    (cache) => `somebody has written in front of an object of the slab cache ${cache}`,
  ],
  [
    /Redzone|Tail.*overwritten/i,
    (cache) => `somebody has written past the end of an object of the slab cache ${cache}`,
  ],
  [
    /Poison/i,
    (cache) => `somebody has written to an object of the slab cache ${cache} after it was freed`,
  ],
  [
    /padding/i,
    (cache) =>
      `somebody has written far past the end of an object of the slab cache ${cache}, into the padding behind it`,
  ],
  [
    /already free|double free/i,
    (cache) => `an object of the slab cache ${cache} was freed that was free already`,
  ],
  [
    /[Ff]reepointer corrupt|[Ff]reechain corrupt/,
    (cache) =>
      `the list of the free objects of the slab cache ${cache} is damaged: somebody has written to an object after it was freed, or past the end of one`,
  ],
  [
    /Wrong object count|Wrong number of objects/i,
    (cache) =>
      `the number of objects in a slab of the cache ${cache} does not agree with its list of free ones`,
  ],
  [
    /Invalid object pointer|not a valid slab|Attempt to free object.*outside/i,
    (cache) => `an address was freed that is no object of the slab cache ${cache}`,
  ],
  [
    /Objects remaining/i,
    (cache) => `the slab cache ${cache} was destroyed while objects of it were still allocated`,
  ],
  [
    /Wrong slab cache|object is from/i,
    (cache) => `an object was freed into the slab cache ${cache} that came from another one`,
  ],
];

export const explainSlab = fromText((report): Explanation => {
  const [, cache] =
    findLine(report, /BUG:? (\S+) \(/) ??
    findLine(report, /Wrong slab cache\. (\S+)/) ??
    findLine(report, /Objects remaining in (\S+)/) ??
    [];
  const name = cache === undefined ? "that it belongs to" : `\`${cache}\``;
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
    sentence: `${capital(meaning ?? `a check of the slab cache ${name} failed`)}${changed}${object}${where}.`,
    evidence: [
      report.message,
      ...linesLike(report, /First byte|^\s*(?:Allocated|Freed) in/).slice(0, 3),
    ],
  };
});

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
