/** Heavy but healthy work on a real guest, which nothing may take for a freeze. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { outputOf } from "../lab/test-support/guest.js";
import { bootLab, type FreezeVerdict, type Lab } from "../node/index.js";
import { HEALTHY_LOADS } from "./healthy-loads.js";
import { unpackModules } from "./modules.js";

const DELAYING_MODULE = "mdelay in a module's init";

let lab: Lab;
let states: FreezeVerdict["state"][];
/** What tasks were found to be blocked. */
const blocked: string[] = [];

beforeAll(async () => {
  lab = await bootLab();
  await unpackModules(lab);
  lab.onVerdict(({ state }) => states.push(state));
  lab.onBlocked(({ sentence }) => blocked.push(sentence));
});

beforeEach(() => {
  states = [];
});

afterAll(() => lab.close());

it.each(HEALTHY_LOADS)("$name is never taken for a freeze", async (load) => {
  outputOf(await load.run(lab));
  expect(states).not.toContain("frozen");
  expect(blocked).toEqual([]);
  expect(lab.doom).toBeUndefined();
  expect(lab.verdict.state).toBe("alive");
  if (load.name.includes(DELAYING_MODULE)) expect(states).toEqual(["stalled", "alive"]);
});
