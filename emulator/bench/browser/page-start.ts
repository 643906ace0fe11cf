import { FreshBrowser } from "./chromium.js";
import { LabTab } from "./lab-tab.js";
import type { LoggedSite } from "./logged-site.js";
import { type LongestTask, MainThreadTrace } from "./main-thread-trace.js";

export interface PageStart {
  /** Milliseconds from the page's start to its prompt's first answer, with nothing in a cache. */
  readonly coldMs: number;
  /** The same once the service worker has kept everything. */
  readonly warmMs: number;
  /** Bytes of the first download. */
  readonly coldBytes: number;
  /** Of a third visit, which is not timed: traces take time themselves. */
  readonly longestTask: LongestTask;
}

/** Opens the page in a browser that has never seen it, and then again. */
export async function measurePageStart(site: LoggedSite, chromium: string): Promise<PageStart> {
  await using browser = await FreshBrowser.launch(chromium);
  site.clearLog();
  const cold = await openOnce(browser, site, async (tab) => {
    // Before anything else is asked for.
    const bytes = await site.askedBytes();
    await tab.keptForOffline();
    return bytes;
  });
  const warm = await openOnce(browser, site, async () => undefined);
  return {
    coldMs: cold.ms,
    warmMs: warm.ms,
    coldBytes: cold.result,
    longestTask: await traceStart(browser, site),
  };
}

async function openOnce<T>(
  { context }: FreshBrowser,
  { url }: LoggedSite,
  then: (tab: LabTab) => Promise<T>,
): Promise<{ ms: number; result: T }> {
  await using tab = await LabTab.open(context, url);
  const ms = await tab.answeredAt();
  return { ms, result: await then(tab) };
}

async function traceStart({ context }: FreshBrowser, { url }: LoggedSite): Promise<LongestTask> {
  const blank = await context.newPage();
  const trace = await MainThreadTrace.start(await context.newCDPSession(blank));
  await using tab = await LabTab.open(context, url);
  return trace.end(tab);
}
