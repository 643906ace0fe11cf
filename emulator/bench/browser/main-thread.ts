import type { LabTab } from "./lab-tab.js";
import { type LongestTask, MainThreadTrace } from "./main-thread-trace.js";

/** How long something goes on in the guest while the page is looked at. */
const WATCH_MS = 5000;

export interface MainThread {
  readonly loop: LongestTask;
  readonly flood: LongestTask;
  readonly freeze: LongestTask;
}

/** What the page's main thread has to do while the guest is busy with itself. */
export async function measureMainThread(tab: LabTab): Promise<MainThread> {
  const session = await tab.page.context().newCDPSession(tab.page);
  const during = async (body: () => Promise<void>): Promise<LongestTask> => {
    await tab.clear();
    const trace = await MainThreadTrace.start(session);
    await body();
    await pass(WATCH_MS);
    return trace.end(tab);
  };
  const loop = await during(() => tab.type("while :; do :; done"));
  await tab.interrupt();
  const flood = await during(() => tab.type("yes"));
  await tab.interrupt();
  const freeze = await during(() => tab.freeze());
  await tab.rescue();
  await session.detach();
  return { loop, flood, freeze };
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
