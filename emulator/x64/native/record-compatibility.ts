/**
 * Records the outcomes of the cases of compatibility mode on this machine's processor:
 *
 *     npx tsx emulator/x64/native/record-compatibility.ts [SEED [CASES]]
 *
 * with CASES for each form. To be done again when their generator has changed.
 */
import { writeFile } from "node:fs/promises";
import { normalise } from "../cases/compare.js";
import { compatibilityForms, generateCompatibility } from "../cases/compatibility.js";
import { OutcomeWriter } from "../cases/outcome-codec.js";
import { hashOfInputs, packRecordedSet, type RecordedForm } from "../cases/recorded-set.js";
import { NativeProcessor } from "./native-processor.js";

const CASES = 150;
const FILE = new URL("../cases/recorded-compatibility.bin", import.meta.url);

const [seed = 1, cases = CASES] = process.argv.slice(2).map(Number);
await using processor = await NativeProcessor.start();
const forms: RecordedForm[] = [];
const outcomes: Uint8Array[] = [];
for (const form of compatibilityForms) {
  const inputs = Array.from(
    { length: cases },
    (_, number) => generateCompatibility(form, seed, number).input,
  );
  const writer = new OutcomeWriter();
  (await processor.run(inputs)).forEach((outcome, index) => {
    normalise(outcome);
    writer.add(inputs[index] ?? new Uint8Array(), outcome);
  });
  const { bytes } = writer;
  forms.push({ name: form.name, cases, hash: hashOfInputs(inputs), bytes: bytes.length });
  outcomes.push(bytes);
}
const name = await NativeProcessor.describe();
const file = packRecordedSet({ processor: name, seed, forms }, outcomes);
await writeFile(FILE, file);
console.log(
  `${forms.length * cases} cases of ${forms.length} forms on ${name}: ${file.length} bytes`,
);
