import { FreshBrowser } from "./chromium.js";
import { LabTab } from "./lab-tab.js";
import type { LoggedSite } from "./logged-site.js";

export interface PageStart {
  /** Milliseconds from the page's start to its prompt's first answer, with nothing in a cache. */
  readonly coldMs: number;
  /** The same once the service worker has kept everything. */
  readonly warmMs: number;
  /** Bytes of the first download. */
  readonly coldBytes: number;
  /** Of a tab's first seconds, cold and warm: the longest task of its main thread, milliseconds. */
  readonly longestTaskMs: number;
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
    longestTaskMs: Math.max(cold.longestTaskMs, warm.longestTaskMs),
  };
}

async function openOnce<T>(
  { context }: FreshBrowser,
  { url }: LoggedSite,
  then: (tab: LabTab) => Promise<T>,
): Promise<{ ms: number; longestTaskMs: number; result: T }> {
  await using tab = await LabTab.open(context, url);
  const ms = await tab.answeredAt();
  const result = await then(tab);
  const tasks = await tab.page.evaluate(() => kspaceProbe.longTasks);
  return { ms, longestTaskMs: longest(tasks), result };
}

/** 0 when none was longer than the 50 ms from which on browsers tell of them. */
export function longest(tasks: readonly { readonly duration: number }[]): number {
  return Math.max(0, ...tasks.map(({ duration }) => duration));
}
