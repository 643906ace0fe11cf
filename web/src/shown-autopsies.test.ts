import { expect, it } from "vitest";
import type { Autopsy } from "../../emulator/lab/index.js";
import {
  autopsyOfLock,
  blockedTask,
  KNOWN_HOLDER,
} from "../../emulator/lab/test-support/autopsies.js";
import { LabStore } from "./lab-store.js";

const FROZEN = autopsyOfLock();
const BLOCKED = autopsyOfLock({
  finding: { kind: "blocked", cycle: [] },
  blocked: [blockedTask()],
});

function storeWith(...autopsies: Autopsy[]): LabStore {
  const store = new LabStore();
  for (const autopsy of autopsies) store.take({ kind: "autopsy", autopsy });
  return store;
}

function shown({ autopsies }: LabStore): string[] {
  return autopsies.value.map(
    ({ autopsy, isPast }) => `${autopsy.finding.kind}${isPast ? " (past)" : ""}`,
  );
}

it("is told the holder when that is known", () => {
  const store = storeWith(FROZEN);
  expect(store.autopsy.value?.autopsy.holder).toBeUndefined();
  store.take({ kind: "holder", holder: KNOWN_HOLDER });
  expect(store.autopsy.value?.autopsy).toEqual({ ...FROZEN, holder: KNOWN_HOLDER });
});

it("stays when the machine goes back, as one of the past, and takes no more holders", () => {
  const store = storeWith(FROZEN);
  store.take({ kind: "reports-reset" });
  expect(shown(store)).toEqual(["spinning-on-lock (past)"]);
  expect(store.autopsy.value).toBeUndefined();
  store.take({ kind: "holder", holder: KNOWN_HOLDER });
  expect(store.autopsies.value[0]?.autopsy.holder).toBeUndefined();
  store.take({ kind: "autopsy", autopsy: FROZEN });
  expect(shown(store)).toEqual(["spinning-on-lock (past)", "spinning-on-lock"]);
});

it("makes room for the next one of the same machine", () => {
  const store = storeWith(BLOCKED);
  const [first] = store.autopsies.value;
  store.take({
    kind: "autopsy",
    autopsy: { ...BLOCKED, blocked: [blockedTask(), blockedTask(51)] },
  });
  expect(store.autopsies.value).toHaveLength(1);
  expect(store.autopsies.value[0]?.id).toBe(first?.id);
  expect(store.autopsies.value[0]?.autopsy.blocked).toHaveLength(2);
  store.take({ kind: "autopsy", autopsy: FROZEN });
  expect(shown(store)).toEqual(["spinning-on-lock"]);
  expect(store.autopsies.value[0]?.id).not.toBe(first?.id);
});

it("counts with the reports, and is dismissed like them", () => {
  const store = storeWith(FROZEN);
  expect(store.currentReports.value).toBe(1);
  store.take({ kind: "reports-reset" });
  expect(store.currentReports.value).toBe(0);
  store.take({ kind: "autopsy", autopsy: FROZEN });
  const [past, current] = store.autopsies.value;
  store.dismissReports(current?.id);
  expect(shown(store)).toEqual(["spinning-on-lock (past)", "spinning-on-lock"]);
  store.dismissReports(past?.id);
  expect(shown(store)).toEqual(["spinning-on-lock"]);
  store.take({ kind: "reports-reset" });
  store.dismissReports();
  expect(shown(store)).toEqual([]);
});

it("goes with the lab, when another one starts", () => {
  const store = storeWith(FROZEN);
  store.take({ kind: "start", start: { step: "load" } });
  expect(shown(store)).toEqual([]);
});

it("has been read once it is complete and was on the screen", () => {
  const store = storeWith(FROZEN);
  const [one] = store.autopsies.value;
  store.sawAutopsy(one?.id ?? 0);
  expect(store.seenAutopsy.value).toBe(one?.id);
});
