import type { CDPSession, Page } from "@playwright/test";

export interface HeapBytes {
  /** The page's own heap, in bytes after a collection. */
  readonly page: number;
  readonly worker: number;
  /** Array buffers and WebAssembly memories of the worker's, outside of its heap. */
  readonly workerBuffers: number;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** How much the page and its dedicated worker hold, once everything is collected that can be. */
export async function heapBytes(page: Page): Promise<HeapBytes> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("HeapProfiler.collectGarbage");
    const own = await session.send("Runtime.getHeapUsage");
    const worker = await askWorker(session);
    return {
      page: own.usedSize,
      worker: worker.usedSize,
      workerBuffers: worker.backingStorageSize ?? 0,
    };
  } finally {
    await session.detach();
  }
}

/** Playwright has no session for a dedicated worker: messages to it go through the page's. */
async function askWorker(session: CDPSession): Promise<HeapUsage> {
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
  let nextId = 1;
  const ask = (method: string): Promise<unknown> => {
    const id = nextId++;
    const answered = new Promise((resolve) => {
      session.on("Target.receivedMessageFromTarget", ({ message }) => {
        const answer = JSON.parse(message);
        if (answer.id === id) resolve(answer.result);
      });
    });
    const message = JSON.stringify({ id, method, params: {} });
    return session.send("Target.sendMessageToTarget", { sessionId, message }).then(() => answered);
  };
  await ask("HeapProfiler.collectGarbage");
  return (await ask("Runtime.getHeapUsage")) as HeapUsage;
}
