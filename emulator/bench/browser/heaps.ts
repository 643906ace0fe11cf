import type { CDPSession, Page } from "@playwright/test";

/** Bytes after a collection: objects and buffers. */
export interface UsedBytes {
  readonly page: number;
  readonly worker: number;
}

/** The heaps of a page and of its lab's worker. */
export class Heaps {
  readonly #page: Send;
  readonly #worker: Send;

  static async of(page: Page): Promise<Heaps> {
    const session = await page.context().newCDPSession(page);
    const send: Send = (method) => session.send(method as "HeapProfiler.collectGarbage");
    return new Heaps(send, await attachToWorker(session));
  }

  private constructor(page: Send, worker: Send) {
    this.#page = page;
    this.#worker = worker;
  }

  async used(): Promise<UsedBytes> {
    return { page: await usedBy(this.#page), worker: await usedBy(this.#worker) };
  }
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
