import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "../build/compile-engine.js";
import { compareOutcomes, normalise } from "./compare.js";
import { EngineMachine, wayOf } from "./engine-machine.js";
import { type Form, listForms } from "./forms.js";
import { generateCase } from "./generate.js";
import { hashOfInputs, RecordedSet } from "./recorded-set.js";
import { reportDifferences } from "./report.js";

/** Of a mnemonic whose cases differ, so many are shown. */
const MOST_REPORTS = 3;

const { user: forms } = listForms();
const recorded = RecordedSet.read(readFileSync(new URL("recorded.bin", import.meta.url)));
const recordedForms = new Map(recorded.header.forms.map((form) => [form.name, form]));
const mnemonics = new Set(forms.map((form) => form.mnemonic));

let machine: EngineMachine;

beforeAll(async () => {
  machine = await EngineMachine.create(await compiledEngine());
});

describe("the recorded set", () => {
  it("has cases of every form, 200,000 in all", () => {
    expect([...recordedForms.keys()]).toEqual(forms.map((form) => form.name));
    const cases = recorded.header.forms.reduce((sum, form) => sum + form.cases, 0);
    expect(cases).toBeGreaterThanOrEqual(200_000);
    expect(Math.min(...recorded.header.forms.map((form) => form.cases))).toBeGreaterThan(100);
  });
});

describe("the engine does as the processor that was recorded", () => {
  it.each([...mnemonics])("%s", (mnemonic) => {
    const reports = forms.filter((form) => form.mnemonic === mnemonic).flatMap(differencesOf);
    const more = reports.length - MOST_REPORTS;
    const shown = reports.slice(0, MOST_REPORTS).join("\n\n");
    expect(shown + (more > 0 ? `\n\nand ${more} more` : "")).toBe("");
  });
});

function differencesOf(form: Form): string[] {
  const { seed } = recorded.header;
  const { cases: count, hash } = recordedForms.get(form.name) ?? { cases: 0, hash: 0 };
  const cases = Array.from({ length: count }, (_, number) => generateCase(form, seed, number));
  if (hashOfInputs(cases.map(({ input }) => input)) !== hash) {
    throw new Error(
      `The generator makes other cases of ${form.name} than were recorded: ` +
        "record them again, by npx tsx emulator/x64/native/record.ts.",
    );
  }
  const outcomes = recorded.outcomesOf(form.name);
  return cases.flatMap((one) => {
    const expected = outcomes.next(one.input);
    const got = machine.run(one.input, wayOf(one));
    normalise(got);
    const differences = compareOutcomes(one, expected, got);
    return differences.length === 0 ? [] : [reportDifferences(one, seed, differences)];
  });
}
