import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { compiledEngine } from "../build/compile-engine.js";
import { compareOutcomes, normalise } from "./compare.js";
import { compatibilityForms, generateCompatibility } from "./compatibility.js";
import { EngineMachine, wayOf } from "./engine-machine.js";
import { hashOfInputs, RecordedSet } from "./recorded-set.js";
import { reportDifferences } from "./report.js";

/** Of a form whose cases differ, so many are shown. */
const MOST_REPORTS = 3;

const recorded = RecordedSet.read(
  readFileSync(new URL("recorded-compatibility.bin", import.meta.url)),
);
const { seed } = recorded.header;

let machine: EngineMachine;

beforeAll(async () => {
  machine = await EngineMachine.create(await compiledEngine());
});

describe("in compatibility mode the engine does as the processor that was recorded", () => {
  it.each([...compatibilityForms])("$name", (form) => {
    const known = recorded.header.forms.find(({ name }) => name === form.name);
    const cases = Array.from({ length: known?.cases ?? 0 }, (_, number) =>
      generateCompatibility(form, seed, number),
    );
    expect(
      cases.length,
      "record them, by emulator/x64/native/record-compatibility.ts",
    ).toBeGreaterThan(0);
    expect(hashOfInputs(cases.map(({ input }) => input)), "other cases than were recorded").toBe(
      known?.hash,
    );
    const outcomes = recorded.outcomesOf(form.name);
    const reports = cases.flatMap((one) => {
      const expected = outcomes.next(one.input);
      const got = machine.run(one.input, wayOf(one));
      normalise(got);
      const differences = compareOutcomes(one, expected, got);
      return differences.length === 0 ? [] : [reportDifferences(one, seed, differences)];
    });
    expect(reports.slice(0, MOST_REPORTS).join("\n\n")).toBe("");
  });
});
