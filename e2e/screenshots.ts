/**
 * `npm run screenshots`: takes the pictures of the page that README.md and the page's help show,
 * of the page as it was built last.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, expect, type Page } from "@playwright/test";
import { findChromium } from "./chromium/find-chromium.js";
import config from "./playwright.config.js";
import { LabPage } from "./support/lab-page.js";
import { SITE } from "./support/lab-test.js";
import { SiteServer } from "./support/site-server.js";

const FOLDER = fileURLToPath(new URL("../web/public/screenshots", import.meta.url));
const VIEWPORT = { width: 1280, height: 880 };
/** Letters stay sharp; without losses a picture of text is several times as large. */
const QUALITY = 80;
/** What a picture may weigh, for pages that load it. */
const MOST_BYTES = 150_000;
/** Steps of section 3 up to the freeze, and of section 4 up to gdb's answer. */
const STEPS_TO_FREEZE = 5;
const STEPS_TO_ANSWER = 8;

if (findChromium() === undefined) {
  console.error("There is no Chromium here: `npm run test:e2e` says how to get one.");
  process.exit(1);
}
await mkdir(FOLDER, { recursive: true });
await using site = await SiteServer.open(SITE);
const { launchOptions } = config.use ?? {};
const browser = await chromium.launch(launchOptions);
try {
  await takeReport(await openLab());
  await takeFreeze(await openLab());
} finally {
  await browser.close();
}

async function openLab(): Promise<LabPage> {
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: "light" });
  const lab = new LabPage(page);
  await lab.open(site.address);
  return lab;
}

/** Section 4: what the kernel reports, explained. */
async function takeReport(lab: LabPage): Promise<void> {
  await doSteps(lab, 4, STEPS_TO_ANSWER);
  const kernel = await lab.show("Kernel");
  await kernel.getByRole("tab", { name: /^Reports/ }).click();
  await expect(kernel).toContainText("hello_write");
  await takeBoth(lab.page, "report");
  await lab.page.close();
}

/** Section 3: what the page says of a frozen machine. */
async function takeFreeze(lab: LabPage): Promise<void> {
  await doSteps(lab, 3, STEPS_TO_FREEZE);
  await lab.isFrozen();
  await expect(lab.banner).toContainText("hello_lock was acquired");
  await takeBoth(lab.page, "freeze");
  await lab.page.close();
}

async function doSteps(lab: LabPage, section: number, count: number): Promise<void> {
  await lab.section(section).click();
  for (let step = 1; step <= count; step++) {
    // Two, while the page has not seen yet that what a step needs is there.
    await expect(lab.nextStepAction()).toHaveCount(1);
    await lab.nextStepAction().click();
    await expect(lab.step(step, "done")).toBeVisible({ timeout: 60_000 });
  }
}

/** In both themes. */
async function takeBoth(page: Page, name: string): Promise<void> {
  // Away from what it would light up.
  await page.mouse.move(0, 0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await take(page, `${name}-${colorScheme}`);
  }
}

async function take(page: Page, name: string): Promise<void> {
  // Colours change by a transition; the terminal is drawn at the next frame.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})));
  });
  const picture = await page.screenshot({ type: "webp", quality: QUALITY, caret: "initial" });
  if (picture.length > MOST_BYTES) {
    throw new Error(
      `${name} has ${picture.length} bytes, more than the ${MOST_BYTES} it may have.`,
    );
  }
  await writeFile(join(FOLDER, `${name}.webp`), picture);
  console.log(`web/public/screenshots/${name}.webp: ${Math.round(picture.length / 1000)} kB`);
}
