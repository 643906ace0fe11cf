import type { Family } from "./family.js";
import { inCulprit, oopsMissing } from "./family.js";

export const listCorruption: Family = {
  kind: "list-corruption",
  firstLines: [
    {
      starts: ["list_add corruption", "list_del corruption", "list_add double add"],
      pattern: /^list_(?:add corruption|del corruption|add double add)/,
      from: "lib/list_debug.c, __list_add_valid() and __list_del_entry_valid()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("BUG: corrupted list", facts),
  never: (name) => /^_*list_/.test(name),
  missing: oopsMissing,
};
