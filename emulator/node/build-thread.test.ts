import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { BuildRequest, FromBuildThread } from "../toolchain/session/protocol.js";
import { startBuildThread } from "./build-thread.js";

const request: BuildRequest = {
  kind: "program",
  sources: { folder: "/", sources: [], files: new Map() },
};

/** Starts a thread, and gives what it said first, or how it failed. */
function firstWord(): {
  thread: ReturnType<typeof startBuildThread>;
  said: Promise<FromBuildThread>;
} {
  let tell = (_message: FromBuildThread): void => undefined;
  let fail = (_why: Error): void => undefined;
  const said = new Promise<FromBuildThread>((resolve, reject) => {
    tell = resolve;
    fail = reject;
  });
  const thread = startBuildThread({
    onMessage: (message) => tell(message),
    onFailure: (why) => fail(new Error(why)),
  });
  return { thread, said };
}

test("the compiler's thread runs and answers", async () => {
  const { thread, said } = firstWord();
  thread.send({ type: "build", id: 7, request });
  // Without the compiler it can do no more than say so.
  expect(await said).toEqual({ type: "broken", id: 7, why: "it was not opened" });
  thread.end();
});

test("nothing is heard of a thread that was ended", async () => {
  const { thread, said } = firstWord();
  const other = firstWord();
  thread.send({ type: "build", id: 1, request });
  thread.end();
  other.thread.send({ type: "build", id: 2, request });
  // Both would have answered by then.
  expect(await Promise.race([said, other.said])).toMatchObject({ id: 2 });
  other.thread.end();
});

test("a thread keeps no process alive that has nothing to build", () => {
  const file = new URL("./build-thread.ts", import.meta.url).href;
  const script = `
    const { startBuildThread } = await import(${JSON.stringify(file)});
    const request = { kind: "program", sources: { folder: "/", sources: [], files: new Map() } };
    const thread = startBuildThread({
      onMessage: ({ type }) => console.log(type),
      onFailure: (why) => console.log(why),
    });
    thread.send({ type: "build", id: 1, request });`;
  const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "broken\n", stderr: "" });
});
