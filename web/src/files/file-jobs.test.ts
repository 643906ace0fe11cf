import { expect, it } from "vitest";
import { FileJobs } from "./file-jobs.js";

it("says what came of it, and takes it back once", async () => {
  const jobs = new FileJobs();
  const done: string[] = [];
  const undo = async () => void done.push("undone");
  expect(await jobs.run(async () => ({ text: "a.c is deleted.", undo }))).toBe(true);
  expect(jobs.outcome.value).toEqual({ text: "a.c is deleted.", isProblem: false, undo });
  expect(await jobs.undo()).toBe(true);
  expect(jobs.outcome.value).toEqual({ text: "Taken back.", isProblem: false });
  expect(await jobs.undo()).toBe(false);
  expect(done).toEqual(["undone"]);
});

it("says what went wrong, of all or of a part", async () => {
  const jobs = new FileJobs();
  expect(await jobs.run(() => Promise.reject(new Error("no space")))).toBe(false);
  expect(jobs.outcome.value).toEqual({ text: "no space", isProblem: true });
  const part = { text: "a.c is there.", problems: ["b.c is too large.", "c is a folder."] };
  expect(await jobs.run(async () => part)).toBe(false);
  expect(jobs.outcome.value).toEqual({
    text: "a.c is there.\nb.c is too large.\nc is a folder.",
    isProblem: true,
  });
});

it("does one thing at a time", async () => {
  const jobs = new FileJobs();
  const { promise, resolve } = withResolvers();
  const first = jobs.run(() => promise);
  expect(jobs.isBusy.value).toBe(true);
  expect(await jobs.run(async () => ({ text: "second" }))).toBe(false);
  resolve({ text: "first" });
  expect(await first).toBe(true);
  expect(jobs.outcome.value?.text).toBe("first");
  expect(jobs.isBusy.value).toBe(false);
});

function withResolvers() {
  let resolve: (done: { text: string }) => void = () => undefined;
  const promise = new Promise<{ text: string }>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
