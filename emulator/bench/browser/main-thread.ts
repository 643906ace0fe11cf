import type { LabTab } from "./lab-tab.js";
import { longest } from "./page-start.js";

/** How long something goes on in the guest while the page is looked at. */
const WATCH_MS = 5000;

export interface MainThread {
  /** Each the longest task, milliseconds; 0 when none was longer than 50 ms. */
  readonly loopMs: number;
  readonly floodMs: number;
  readonly freezeMs: number;
}

/** What the page's main thread has to do while the guest is busy with itself. */
export async function measureMainThread(tab: LabTab): Promise<MainThread> {
  const loopMs = await whileRunning(tab, "while :; do :; done");
  const floodMs = await whileRunning(tab, "yes");
  const tasks = await tab.longTasks(async () => {
    await tab.freeze();
    await pass(WATCH_MS);
  });
  await tab.rescue();
  return { loopMs, floodMs, freezeMs: longest(tasks) };
}

async function whileRunning(tab: LabTab, command: string): Promise<number> {
  await tab.clear();
  const tasks = await tab.longTasks(async () => {
    await tab.type(command);
    await pass(WATCH_MS);
  });
  await tab.interrupt();
  return longest(tasks);
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
