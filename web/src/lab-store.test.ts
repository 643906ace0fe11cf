import { describe, expect, it } from "vitest";
import type { LabReport } from "../../emulator/lab/index.js";
import { LabStore } from "./lab-store.js";

function report(title: string): LabReport {
  return { report: { title } } as unknown as LabReport;
}

function storeWith(...titles: string[]): LabStore {
  const store = new LabStore();
  for (const title of titles) store.take({ kind: "report", report: report(title) });
  return store;
}

function shown(store: LabStore): string[] {
  return store.reports.value.map(
    ({ decoded, isPast }) => `${decoded.report.title}${isPast ? " (past)" : ""}`,
  );
}

describe("reports", () => {
  it("stay when the machine goes back, as those of the past", () => {
    const store = storeWith("oops");
    store.take({ kind: "reports-reset" });
    store.take({ kind: "report", report: report("lockup") });
    expect(shown(store)).toEqual(["oops (past)", "lockup"]);
    store.take({ kind: "reports-reset" });
    expect(shown(store)).toEqual(["oops (past)", "lockup (past)"]);
  });

  it("keep their numbers, which are never given again", () => {
    const store = storeWith("first", "second");
    store.take({ kind: "reports-reset" });
    store.dismissReports(1);
    store.take({ kind: "report", report: report("third") });
    expect(store.reports.value.map(({ id }) => id)).toEqual([2, 3]);
    store.take({ kind: "reports-reset" });
    store.dismissReports();
    store.take({ kind: "report", report: report("fourth") });
    expect(store.reports.value.map(({ id }) => id)).toEqual([4]);
  });

  it("of the past are dismissed, one or all, and those of the machine as it is stay", () => {
    const store = storeWith("first", "second");
    store.take({ kind: "reports-reset" });
    store.take({ kind: "report", report: report("third") });
    store.dismissReports(3);
    store.dismissReports(1);
    expect(shown(store)).toEqual(["second (past)", "third"]);
    store.dismissReports();
    expect(shown(store)).toEqual(["third"]);
  });

  it("of the past are as many as one reads, the newest of them", () => {
    const store = new LabStore();
    for (let round = 1; round <= 100; round++) {
      store.take({ kind: "report", report: report(`${round}`) });
      store.take({ kind: "reports-reset" });
    }
    expect(shown(store)).toHaveLength(8);
    expect(shown(store).at(-1)).toBe("100 (past)");
  });

  it("go with the lab, when another one starts", () => {
    const store = storeWith("oops");
    store.take({ kind: "start", start: { step: "load" } });
    expect(shown(store)).toEqual([]);
  });
});

describe("builds", () => {
  const what = { module: "hello" };

  it("that have ended do not hide a newer one", () => {
    const store = new LabStore();
    const first = store.buildBegan(what);
    const second = store.buildBegan({ module: "other" });
    first({ phase: "failed", failure: { code: "superseded", message: "A newer one." } });
    expect(store.build.value).toEqual({ phase: "running", what: { module: "other" } });
    second({ phase: "failed", failure: { code: "aborted", message: "Cancelled." } });
    expect(store.build.value).toMatchObject({ phase: "failed", failure: { code: "aborted" } });
    store.take({ kind: "start", start: { step: "load" } });
    expect(store.build.value).toBeUndefined();
  });

  it("are waited for what is being downloaded, part by part and together", () => {
    const store = new LabStore();
    expect(store.buildDownload.value).toBeUndefined();
    const fetching = (part: "compiler" | "headers", loadedBytes: number): void =>
      store.take({
        kind: "build-fetch",
        fetch: { state: "fetching", part, loadedBytes, totalBytes: 10 },
      });
    fetching("compiler", 1);
    fetching("headers", 2);
    fetching("compiler", 3);
    expect(store.buildFetches.value.map(({ part }) => part)).toEqual(["compiler", "headers"]);
    expect(store.buildDownload.value).toEqual({ loadedBytes: 5, totalBytes: 20 });
    const fetched = (part: "compiler" | "headers"): void =>
      store.take({ kind: "build-fetch", fetch: { state: "fetched", part, totalBytes: 10 } });
    fetched("headers");
    // A bar does not fall back.
    expect(store.buildDownload.value).toEqual({ loadedBytes: 13, totalBytes: 20 });
    fetched("compiler");
    expect(store.buildDownload.value).toBeUndefined();
    fetching("headers", 4);
    expect(store.buildDownload.value).toEqual({ loadedBytes: 4, totalBytes: 10 });
    const failure = { code: "download-failed", message: "Offline." };
    const failed = { state: "failed", part: "headers", failure } as const;
    store.take({ kind: "build-fetch", fetch: failed });
    expect(store.buildDownload.value).toBeUndefined();
    expect(store.buildFetches.value.at(-1)).toEqual(failed);
  });
});
