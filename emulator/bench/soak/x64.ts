import { compiledEngine } from "../../x64/build/compile-engine.js";
import { OUTCOME, STATE, VECTOR } from "../../x64/cases/case-format.js";
import { type ComparedCase, compareOutcomes, normalise } from "../../x64/cases/compare.js";
import { compatibilityForms, generateCompatibility } from "../../x64/cases/compatibility.js";
import { EngineMachine, wayOf } from "../../x64/cases/engine-machine.js";
import { listForms } from "../../x64/cases/forms.js";
import { generateCase } from "../../x64/cases/generate.js";
import { reportDifferences } from "../../x64/cases/report.js";
import { type TalliedForm, Tally, tableOfOthers } from "../../x64/cases/tally.js";
import { NativeProcessor } from "../../x64/native/native-processor.js";
import type { SoakOptions } from "./options.js";

/** Of each form in a round, which is then some 250,000 cases. */
const CASES = 200;
/** After so many differences it ends: more say nothing new. */
const MOST_DIFFERENCES = 5;

/** The engine beside the processor of this machine, with cases that nobody has seen before. */
export async function soakX64({ rounds, seed }: SoakOptions): Promise<void> {
  const { user, others } = listForms();
  const engine = await EngineMachine.create(await compiledEngine());
  await using processor = await NativeProcessor.start();
  console.log(`x64: ${await NativeProcessor.describe()}`);
  const tally = new Tally();
  const reports: string[] = [];
  for (let round = 0; round < rounds && reports.length < MOST_DIFFERENCES; round++) {
    const inLongMode = user.map((form) => casesOf(form, generateCase, seed + round));
    const inOthers = compatibilityForms.map((form) =>
      casesOf(form, generateCompatibility, seed + round),
    );
    for (const cases of [...inLongMode, ...inOthers]) {
      reports.push(...(await compareCases(cases(), seed + round, engine, processor, tally)));
      if (reports.length >= MOST_DIFFERENCES) break;
    }
    const found = `${tally.cases} cases of ${tally.forms} forms, ${reports.length} differences`;
    console.log(`x64, seed ${seed + round}, round ${round + 1} of ${rounds}: ${found}`);
  }
  console.log([...tally.table(), ...tableOfOthers(others)].join("\n"));
  if (reports.length === 0) return;
  console.log(`FAILED:\n${reports.join("\n\n")}`);
  process.exit(1);
}

/** What is compared of a case, in whatever mode it runs. */
interface AnyCase extends ComparedCase {
  readonly form: ComparedCase["form"] & TalliedForm & { readonly name: string };
  readonly number: number;
}

/** The cases of a form, made when they are needed. */
function casesOf<F>(
  form: F,
  generate: (form: F, seed: number, number: number) => AnyCase,
  seed: number,
): () => AnyCase[] {
  return () => Array.from({ length: CASES }, (_, number) => generate(form, seed, number));
}

async function compareCases(
  cases: readonly AnyCase[],
  seed: number,
  engine: EngineMachine,
  processor: NativeProcessor,
  tally: Tally,
): Promise<string[]> {
  const outcomes = await processor.run(cases.map(({ input }) => input));
  return cases.flatMap((one, index) => {
    const expected = outcomes[index] ?? new Uint8Array();
    normalise(expected);
    const got = engine.run(one.input, wayOf(one));
    normalise(got);
    const differences = compareOutcomes(one, expected, got);
    tally.add(one.form, vectorOf(expected) !== VECTOR.breakpoint, differences.length > 0);
    return differences.length === 0 ? [] : [reportDifferences(one, seed, differences)];
  });
}

function vectorOf(outcome: Uint8Array): number {
  const view = new DataView(outcome.buffer, outcome.byteOffset, outcome.byteLength);
  return view.getUint32(OUTCOME.state + STATE.vector, true);
}
