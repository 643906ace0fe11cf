import { describe, expect, it } from "vitest";
import { FX, INPUT, OUTCOME, STATE } from "./case-format.js";
import { normalise } from "./compare.js";
import { listForms } from "./forms.js";
import { generateCase } from "./generate.js";
import { OutcomeReader, OutcomeWriter } from "./outcome-codec.js";
import { Random } from "./random.js";

const { user } = listForms();
const random = new Random(1);

/** An outcome as a processor could have it, with some of everything changed. */
function outcomeOf(input: Uint8Array, changes: readonly number[]): Uint8Array {
  const outcome = new Uint8Array(OUTCOME.bytes + changes.length * OUTCOME.changeBytes);
  outcome.set(input.subarray(INPUT.state, INPUT.state + STATE.bytes), OUTCOME.state);
  for (let count = random.below(6); count > 0; count--) {
    const at = OUTCOME.state + random.below(STATE.fx + FX.end);
    outcome.fill(random.below(256), at, Math.min(at + random.between(1, 16), OUTCOME.bytes));
  }
  normalise(outcome);
  const view = new DataView(outcome.buffer);
  view.setUint32(0, outcome.length, true);
  view.setUint32(OUTCOME.changes, changes.length, true);
  changes.forEach((address, index) => {
    const at = OUTCOME.bytes + index * OUTCOME.changeBytes;
    view.setUint32(at, address, true);
    for (let byte = 0; byte < OUTCOME.chunk; byte++) {
      outcome[at + OUTCOME.changed + byte] = random.below(256);
    }
  });
  return outcome;
}

describe("recorded outcomes", () => {
  it("are read as they were written, case after case", () => {
    const inputs = user.slice(0, 200).map((form) => generateCase(form, 2, 0).input);
    const outcomes = inputs.map((input, index) => {
      return outcomeOf(input, [0x20000010, 0x20000ff0, 0x20010000].slice(0, index % 4));
    });
    const writer = new OutcomeWriter();
    outcomes.forEach((outcome, index) => {
      writer.add(inputs[index] ?? new Uint8Array(), outcome);
    });
    const reader = new OutcomeReader(writer.bytes);
    for (const [index, input] of inputs.entries()) {
      expect(reader.next(input)).toEqual(outcomes[index]);
    }
  });

  it("that end too early are an error", () => {
    const input = generateCase(user[0] ?? expect.fail("no forms"), 2, 0).input;
    expect(() => new OutcomeReader(new Uint8Array([5])).next(input)).toThrow(RangeError);
  });
});
