import { isBuilt, SITE_FOLDER } from "../../cli/serve/site.js";
import { FreshBrowser, findChromium } from "./chromium.js";
import { type HeapGrowth, measureHeapGrowth } from "./heap-growth.js";
import { LabTab } from "./lab-tab.js";
import { LoggedSite } from "./logged-site.js";
import { type MainThread, measureMainThread } from "./main-thread.js";
import { measurePageStart, type PageStart } from "./page-start.js";
import { measureTypingEcho, type TypingEcho } from "./typing-echo.js";

export interface PageBench {
  readonly starts: readonly PageStart[];
  readonly mainThread: readonly MainThread[];
  readonly echo: TypingEcho;
  readonly heap: HeapGrowth;
}

/**
 * Measures the built page, or the one in the folder that KSPACE_SITE names, in a real browser.
 * @returns why not, where that cannot be done
 */
export async function benchPage(runs: number): Promise<PageBench | string> {
  const folder = process.env.KSPACE_SITE ?? SITE_FOLDER;
  if (!isBuilt(folder)) return "it is not built. `npm run build` builds it.";
  const chromium = findChromium();
  if (chromium === undefined) {
    return (
      "there is no Chromium here. Install one (`sudo apt-get install chromium`, or " +
      "`npx playwright install chromium`), or set CHROMIUM_PATH to its program."
    );
  }
  return measurePage(folder, chromium, runs);
}

async function measurePage(folder: string, chromium: string, runs: number): Promise<PageBench> {
  await using site = await LoggedSite.open(folder);
  const starts: PageStart[] = [];
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`page, start ${run} of ${runs} …\n`);
    starts.push(await measurePageStart(site, chromium));
  }
  await using browser = await FreshBrowser.launch(chromium);
  await using tab = await LabTab.open(browser.context, site.url);
  // What is fetched for later would compete with what is measured now.
  await tab.keptForOffline();
  const mainThread: MainThread[] = [];
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`page, busy guest ${run} of ${runs} …\n`);
    mainThread.push(await measureMainThread(tab));
  }
  process.stderr.write("page, typing …\n");
  const echo = await measureTypingEcho(tab);
  process.stderr.write("page, freezes and rescues …\n");
  const heap = await measureHeapGrowth(tab);
  return { starts, mainThread, echo, heap };
}
