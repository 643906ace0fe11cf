import { expect, test } from "vitest";
import type { BuildFetch } from "./build.js";
import { FetchProgress } from "./fetch-progress.js";

/** A download that the test lets go on. */
function download() {
  let onBytes = (_bytes: number): void => undefined;
  let finish = (_error?: Error): void => undefined;
  const work = (tell: (bytes: number) => void): Promise<void> => {
    onBytes = tell;
    return new Promise((resolve, reject) => {
      finish = (error) => (error ? reject(error) : resolve());
    });
  };
  return { work, come: (bytes: number) => onBytes(bytes), end: (error?: Error) => finish(error) };
}

function recorded() {
  const told: string[] = [];
  const progress = new FetchProgress("headers", (fetch: BuildFetch) => {
    const bytes =
      fetch.state === "fetching"
        ? `${fetch.loadedBytes} of ${fetch.totalBytes}`
        : fetch.state === "fetched"
          ? fetch.totalBytes
          : fetch.error.message;
    told.push(`${fetch.part} ${fetch.state} ${bytes}`);
  });
  return { told, progress };
}

test("counts two files of one part together, up to the last of them", async () => {
  const { told, progress } = recorded();
  const [first, second] = [download(), download()];
  const both = [progress.track(100, first.work), progress.track(50, second.work)];
  first.come(100);
  first.end();
  await both[0];
  second.come(25);
  second.end();
  await both[1];
  expect(told).toEqual([
    "headers fetching 0 of 100",
    "headers fetching 0 of 150",
    "headers fetching 100 of 150",
    "headers fetching 125 of 150",
    "headers fetched 150",
  ]);
});

test("what is fetched later begins anew", async () => {
  const { told, progress } = recorded();
  await progress.track(10, async (onBytes) => onBytes(10));
  await progress.track(20, async () => undefined);
  expect(told.slice(-2)).toEqual(["headers fetching 0 of 20", "headers fetched 20"]);
});

test("a failure is told, and is no part of the sum any more", async () => {
  const { told, progress } = recorded();
  const [first, second] = [download(), download()];
  const failing = progress.track(100, first.work);
  const other = progress.track(50, second.work);
  first.end(new Error("gone"));
  await expect(failing).rejects.toThrow("gone");
  second.end();
  await other;
  expect(told.slice(-2)).toEqual(["headers failed gone", "headers fetched 50"]);
});
