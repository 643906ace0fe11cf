/** What a build needs does not come, comes damaged, or has no place to be kept; what it makes is. */
import type { Locator, Page } from "@playwright/test";
import { keptFiles } from "./support/kept-files.js";
import type { LabPage } from "./support/lab-page.js";
import { expect, SITE, test } from "./support/lab-test.js";
import { SiteServer } from "./support/site-server.js";
import { leaveNoRoom } from "./support/storage-quota.js";

const COMPILER = "images/toolchain/kcc.wasm.xz";
const HEADERS = "images/i686/headers/common.tar.gz.bin";
/** The compiler is fetched, unpacked and compiled, on a busy machine. */
const BUILD_MS = 60_000;
const BUILT = /Built hello\.ko in /;

test.describe("over a network that is not well", () => {
  // It would fetch the compiler before it is needed, and meet what is meant for the build.
  test.use({ serviceWorkers: "block" });

  test.beforeEach(({ expectedErrors }) => {
    // What the browser itself says of such a download.
    expectedErrors.push(/^error: Failed to load resource/);
    // And what Playwright says of its own doing.
    expectedErrors.push(/^warning: Service Worker registration blocked/);
  });

  test("the compiler's download goes on where its connection broke", async ({ lab, site }) => {
    site.breakFile(COMPILER, { kind: "cut-once", afterBytes: 4_000_000 });
    await lab.open(site.address);
    await build(lab);
    await expect(panelOf(lab)).toContainText(BUILT, { timeout: BUILD_MS });
    const parts = site.partsOf(COMPILER);
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatch(/^bytes=[1-4]\d{6}-$/);
  });

  test("a compiler that does not come is said, the lab goes on, and another build gets it", async ({
    lab,
    site,
  }) => {
    site.breakFile(COMPILER, { kind: "cut", afterBytes: 4_000_000 });
    await lab.open(site.address);
    await build(lab);
    const panel = panelOf(lab);
    await expect(panel).toContainText(/kcc\.wasm\.xz.*the connection broke/, { timeout: BUILD_MS });
    await expect(panel).toContainText("Check that you are online");
    await lab.run("uname -m", /^i686$/);

    site.mend();
    await build(lab);
    await expect(panel).toContainText(BUILT, { timeout: BUILD_MS });
  });

  for (const [what, file] of [
    ["a compiler", COMPILER],
    ["headers", HEADERS],
  ] as const) {
    test(`${what} with a flipped bit: says so, and another build gets it`, async ({
      lab,
      site,
    }) => {
      site.breakFile(file, { kind: "flipped", at: 100_000 });
      await lab.open(site.address);
      await build(lab);
      const panel = panelOf(lab);
      await expect(panel).toContainText(/came damaged, twice/, { timeout: BUILD_MS });

      site.mend();
      await build(lab);
      await expect(panel).toContainText(BUILT, { timeout: BUILD_MS });
    });
  }
});

test("no room in the browser's storage: builds work, from the network", async ({
  lab,
  page,
  site,
}) => {
  await leaveNoRoom(page, site.address);
  await lab.open(site.address);
  await build(lab);
  await expect(panelOf(lab)).toContainText(BUILT, { timeout: BUILD_MS });
  await page.reload();
  await lab.isReady();
  await build(lab);
  await expect(panelOf(lab)).toContainText(BUILT, { timeout: BUILD_MS });
});

test("with its server gone after the first build, the page builds; nothing was fetched before", async ({
  lab,
  page,
  context,
}) => {
  const ownSite = await SiteServer.open(SITE);
  try {
    await page.addInitScript(spareBytes);
    await lab.open(ownSite.address);
    await keeps(page, "images/i686/packs/linux-source.tar.gz.bin");
    expect(await page.evaluate(keptFiles)).not.toContain(COMPILER);
    await build(lab);
    await expect(panelOf(lab)).toContainText(BUILT, { timeout: BUILD_MS });
    await keeps(page, COMPILER);
    await keeps(page, HEADERS);
  } finally {
    await ownSite[Symbol.asyncDispose]();
  }
  await context.setOffline(true);
  await page.reload();
  await lab.isReady();
  await build(lab);
  await expect(panelOf(lab)).toContainText(BUILT, { timeout: BUILD_MS });
  await lab.run("cd ~/2-fops && sudo insmod ./hello.ko", /hello: loaded/);
});

test("what was built is there after a reload", async ({ lab, page, site }) => {
  await lab.open(site.address);
  await build(lab, "3-locking");
  await expect(panelOf(lab)).toContainText(BUILT, { timeout: BUILD_MS });
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage)), { message: "what is kept" })
    .toContainEqual(expect.stringMatching(/:bytes:\/home\/student\/3-locking\/hello\.ko$/));
  await page.reload();
  await lab.isReady();
  await lab.run("cd ~/3-locking && sudo insmod ./hello.ko", /hello: loaded/);
});

/** Presses Build with the module of a section in the editor. */
async function build(lab: LabPage, section = "2-fops"): Promise<void> {
  await lab.openFile(section, "hello.c");
  await lab.pane("Editor").getByRole("button", { name: "Build", exact: true }).click();
}

function panelOf(lab: LabPage): Locator {
  return lab.page.getByRole("region", { name: "Build", exact: true });
}

async function keeps(page: Page, file: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(keptFiles), { timeout: 30_000, message: "files that are kept" })
    .toContain(file);
}

/** In the page: the person has asked the browser to. */
function spareBytes(): void {
  Object.defineProperty(navigator, "connection", { value: { saveData: true } });
}
