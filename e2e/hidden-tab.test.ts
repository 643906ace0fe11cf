/** A tab that nobody looks at: browsers throttle it, and stop it altogether. */
import type { Browser, CDPSession, Page } from "@playwright/test";
import { LabPage } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";

/**
 * How long the page stands still: a minute, unless `KSPACE_AWAY_SECONDS` says otherwise. Nothing but
 * time can show whether the guest's watchdogs take it for a lockup: the soft lockup detector of a
 * guest that follows the host's clock barks after 12 s (kernel/watchdog.c, half of
 * 2 × watchdog_thresh with its default of 10 s, and more), an RCU stall is found after 21 s.
 */
const AWAY_MS = Number(process.env.KSPACE_AWAY_SECONDS ?? 60) * 1000;

/** What the guest's watchdogs say of time that they missed. */
const COUNT_COMPLAINTS =
  "dmesg | grep -cE 'soft lockup|detected stalls?|blocked for more|as unstable'";

test(`pages with an idle and a busy guest that were stopped for ${AWAY_MS / 1000} s are healthy after it`, async ({
  context,
  browser,
  site,
}) => {
  // Two pages, and each may take what a test may. Both at once: what takes long is to be away.
  test.setTimeout(AWAY_MS + 2 * 90_000);
  const [idle, busy] = [new LabPage(await context.newPage()), new LabPage(await context.newPage())];
  await idle.open(site.address);
  await busy.open(site.address);
  await busy.run("while :; do :; done &");
  await standStill(browser, [idle.page, busy.page], AWAY_MS);

  for (const lab of [idle, busy]) {
    await lab.page.bringToFront();
    await lab.isReady();
    await lab.run("echo answered", /^answered$/);
    await lab.run(COUNT_COMPLAINTS, /^0$/);
    await expect(lab.banner).toBeHidden();
    const kernel = await lab.show("Kernel");
    await kernel.getByRole("tab", { name: /^Reports/ }).click();
    await expect(kernel).toContainText("Nothing went wrong so far.");
  }
});

test("a page in the background, on a slow processor, goes on when it is looked at", async ({
  lab,
  page,
  site,
}) => {
  await lab.open(site.address);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await setLifecycle(session, "frozen");
  await setLifecycle(session, "active");
  await lab.run("for i in 1 2 3; do sleep 1; echo slept $i; done", /^slept 3$/);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await lab.run(COUNT_COMPLAINTS, /^0$/);
  await expect(lab.banner).toBeHidden();
});

/** The browser tells the pages, and then the system stops its processes, as it does with a laptop's. */
async function standStill(browser: Browser, pages: readonly Page[], ms: number): Promise<void> {
  const sessions = await Promise.all(pages.map((page) => page.context().newCDPSession(page)));
  const ofBrowser = await browser.newBrowserCDPSession();
  const { processInfo } = await ofBrowser.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  expect(renderers).not.toEqual([]);
  for (const session of sessions) await setLifecycle(session, "frozen");
  try {
    for (const id of renderers) process.kill(id, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, ms));
  } finally {
    for (const id of renderers) process.kill(id, "SIGCONT");
  }
  for (const session of sessions) {
    await setLifecycle(session, "active");
    await session.detach();
  }
  await ofBrowser.detach();
}

async function setLifecycle(session: CDPSession, state: "frozen" | "active"): Promise<void> {
  await session.send("Page.setWebLifecycleState", { state });
}
