import { loadavg } from "node:os";
import { isBuilt, SITE_FOLDER } from "../../cli/serve/site.js";
import { FreshBrowser, findChromium } from "./chromium.js";
import { measureFreezeNotice } from "./freeze-notice.js";
import { type HeapGrowth, measureHeapGrowth } from "./heap-growth.js";
import { LabTab } from "./lab-tab.js";
import { LoggedSite } from "./logged-site.js";
import { type MainThread, measureMainThread } from "./main-thread.js";
import { measurePageBuilds, type PageBuilds } from "./page-builds.js";
import { measurePageStart, type PageStart } from "./page-start.js";
import { measureTypingEcho, type TypingEcho } from "./typing-echo.js";

export interface PageBench {
  readonly starts: readonly PageStart[];
  readonly mainThread: readonly MainThread[];
  readonly echo: TypingEcho;
  readonly builds: readonly PageBuilds[];
  /** From Enter to the page's word that the guest is frozen, milliseconds. */
  readonly freezeNotices: readonly number[];
  readonly heap: HeapGrowth;
  /** Of the host, over the last minute: before the first run and after the last. */
  readonly loadAverage: readonly [before: number, after: number];
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
  const mainThread: MainThread[] = [];
  const echoes: TypingEcho[] = [];
  const builds: PageBuilds[] = [];
  const freezeNotices: number[] = [];
  let heap: HeapGrowth | undefined;
  const [before = 0] = loadavg();
  // Everything in each run, so that a time in which the host has much to do spoils none of it alone.
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`page, run ${run} of ${runs}: start …\n`);
    starts.push(await measurePageStart(site, chromium));
    await using browser = await FreshBrowser.launch(chromium);
    await using tab = await LabTab.open(browser.context, site.url);
    // What is fetched for later would compete with what is measured now.
    await tab.keptForOffline();
    process.stderr.write(`page, run ${run} of ${runs}: busy guest …\n`);
    mainThread.push(await measureMainThread(tab));
    echoes.push(await measureTypingEcho(tab));
    process.stderr.write(`page, run ${run} of ${runs}: builds …\n`);
    builds.push(await measurePageBuilds(tab));
    freezeNotices.push(await measureFreezeNotice(tab));
    if (run < runs) continue;
    process.stderr.write("page, freezes and rescues …\n");
    heap = await measureHeapGrowth(tab);
  }
  if (heap === undefined) throw new RangeError("Nothing is measured in no runs.");
  const [after = 0] = loadavg();
  const echo = {
    idle: echoes.flatMap(({ idle }) => idle),
    flood: echoes.flatMap(({ flood }) => flood),
  };
  return { starts, mainThread, echo, builds, freezeNotices, heap, loadAverage: [before, after] };
}
