/**
 * Prints every instruction form with how many of its cases are recorded, or why none are:
 *
 *     npx tsx emulator/x64/native/print-forms.ts
 */
import { readFile } from "node:fs/promises";
import { listForms } from "../cases/forms.js";
import { RecordedSet } from "../cases/recorded-set.js";
import { tableOfOthers } from "../cases/tally.js";

const file = await readFile(new URL("../cases/recorded.bin", import.meta.url));
const { header } = RecordedSet.read(file);
const recorded = new Map(header.forms.map(({ name, cases }) => [name, cases]));
const { user, others } = listForms();
console.log(`Recorded on ${header.processor}, with the seed ${header.seed}:`);
for (const { name, text, encoding } of user) {
  console.log(`${String(recorded.get(name) ?? 0).padStart(8)}  ${text} [${encoding}]`);
}
console.log(tableOfOthers(others).join("\n"));
