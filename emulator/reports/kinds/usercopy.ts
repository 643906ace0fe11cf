import type { Family } from "./family.js";
import { inCulprit, oopsMissing } from "./family.js";

export const usercopy: Family = {
  kind: "usercopy",
  firstLines: [
    {
      starts: ["usercopy: Kernel memory ", "usercopy: kernel memory "],
      pattern: /^usercopy: [kK]ernel memory (?:overwrite|exposure) attempt detected/,
      from: "mm/usercopy.c, usercopy_abort()",
      role: "telling",
    },
    {
      // A copy out of the slab's whitelist, with CONFIG_HARDENED_USERCOPY_FALLBACK.
      starts: ["Bad or missing usercopy whitelist"],
      pattern: /^Bad or missing usercopy whitelist\?/,
      from: "mm/usercopy.c, usercopy_warn() until 5.15",
      role: "telling",
    },
  ],
  title: (facts) =>
    inCulprit(
      facts.message.startsWith("Bad") ? "WARNING: bad usercopy" : "BUG: bad usercopy",
      facts,
    ),
  missing: oopsMissing,
};
