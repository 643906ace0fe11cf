import type { CDPSession } from "@playwright/test";
import type { LabTab } from "./lab-tab.js";

const ROUNDS = 10;

export interface HeapGrowth {
  readonly rounds: number;
  /** Bytes after a collection, before the first round and after the last: objects and buffers. */
  readonly page: readonly [before: number, after: number];
  readonly worker: readonly [before: number, after: number];
}

/** Freezes the guest and rescues it, over and over. */
export async function measureHeapGrowth(tab: LabTab): Promise<HeapGrowth> {
  const session = await tab.page.context().newCDPSession(tab.page);
  const page: Send = (method) => session.send(method as "HeapProfiler.collectGarbage");
  const worker = await attachToWorker(session);
  // The first one compiles and downloads what later ones use again.
  await freezeAndRescue(tab);
  const [pageBefore, workerBefore] = [await usedBy(page), await usedBy(worker)];
  for (let round = 1; round <= ROUNDS; round++) await freezeAndRescue(tab);
  const [pageAfter, workerAfter] = [await usedBy(page), await usedBy(worker)];
  return {
    rounds: ROUNDS,
    page: [pageBefore, pageAfter],
    worker: [workerBefore, workerAfter],
  };
}

async function freezeAndRescue(tab: LabTab): Promise<void> {
  await tab.freeze();
  await tab.rescue();
}

/** Sends a command of the protocol of Chromium's developer tools. */
type Send = (method: string) => Promise<unknown>;

async function usedBy(send: Send): Promise<number> {
  await send("HeapProfiler.collectGarbage");
  const usage = (await send("Runtime.getHeapUsage")) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}

/** Playwright gives no session of a worker: messages to it go through the page's one. */
async function attachToWorker(session: CDPSession): Promise<Send> {
  const attached = new Promise<string>((resolve) => {
    session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (targetInfo.type === "worker") resolve(sessionId);
    });
  });
  await session.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const sessionId = await attached;
  let lastId = 0;
  const waiting = new Map<number, (result: unknown) => void>();
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result, error } = JSON.parse(message);
    waiting.get(id)?.(error === undefined ? result : Promise.reject(new Error(error.message)));
    waiting.delete(id);
  });
  return async (method) => {
    const id = ++lastId;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    await session.send("Target.sendMessageToTarget", {
      sessionId,
      message: JSON.stringify({ id, method }),
    });
    return answer;
  };
}
