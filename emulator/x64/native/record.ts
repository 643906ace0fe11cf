/**
 * Records the outcomes of all forms' cases on this machine's processor:
 *
 *     npx tsx emulator/x64/native/record.ts [SEED [CASES]]
 *
 * with CASES for each form. To be done again when the generator has changed.
 */
import { writeFile } from "node:fs/promises";
import { normalise } from "../cases/compare.js";
import { listForms } from "../cases/forms.js";
import { generateCase } from "../cases/generate.js";
import { OutcomeWriter } from "../cases/outcome-codec.js";
import { hashOfInputs, packRecordedSet, type RecordedForm } from "../cases/recorded-set.js";
import { NativeProcessor } from "./native-processor.js";

/** More than 200,000 in all. */
const CASES = 165;
const FILE = new URL("../cases/recorded.bin", import.meta.url);

const [seed = 1, cases = CASES] = process.argv.slice(2).map(Number);
await using processor = await NativeProcessor.start();
const forms: RecordedForm[] = [];
const outcomes: Uint8Array[] = [];
for (const form of listForms().user) {
  const inputs = Array.from(
    { length: cases * form.weight },
    (_, number) => generateCase(form, seed, number).input,
  );
  const writer = new OutcomeWriter();
  (await processor.run(inputs)).forEach((outcome, index) => {
    normalise(outcome);
    writer.add(inputs[index] ?? new Uint8Array(), outcome);
  });
  const { bytes } = writer;
  const hash = hashOfInputs(inputs);
  forms.push({ name: form.name, cases: inputs.length, hash, bytes: bytes.length });
  outcomes.push(bytes);
}
const name = await NativeProcessor.describe();
const file = packRecordedSet({ processor: name, seed, forms }, outcomes);
await writeFile(FILE, file);
const total = forms.reduce((sum, form) => sum + form.cases, 0);
console.log(`${total} cases of ${forms.length} forms on ${name}: ${file.length} bytes`);
