/** The page on a phone. */
import type { Page } from "@playwright/test";
import { axeFindsNothing } from "./support/axe.js";
import type { PaneName } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";

const WIDTH = 360;
/** Steps of section 1. */
const STEPS = 6;

test.use({ viewport: { width: WIDTH, height: 740 }, isMobile: true, hasTouch: true });

test.beforeEach(async ({ page, lab, site }) => {
  await page.goto(site.address);
  await lab.isReady();
});

test("section 1 by taps", async ({ lab, page }) => {
  const strip = page.getByRole("region", { name: "Next step of the course" });
  await lab.nextStepAction().tap();
  // The other panes come to the front by themselves, and the next step stands in each of them.
  for (let number = 2; number <= STEPS; number++) {
    await expect(strip).toContainText(`1.${number}`);
    await strip.getByRole("button", { name: /^(Type at the terminal|Open)/ }).tap();
  }
  await expect(strip).toContainText("Section 1 is done");
  await lab.terminalShows(/hello: unloaded/);
  await lab.show("Course");
  await lab.isSectionDone(1);
});

test("a freeze is told and rescued by a tap", async ({ lab, brokenModules }) => {
  await brokenModules.bring(lab, "3-locking");
  await lab.freeze();
  await lab.banner.getByRole("button", { name: "Rescue" }).tap();
  await expect(lab.banner).toBeHidden();
  await lab.run("echo answered", /^answered$/);
});

test("a frozen machine is explained, in one column, with links for fingers", async ({
  lab,
  brokenModules,
  page,
}) => {
  await brokenModules.bring(lab, "3-locking");
  await lab.freeze();
  await lab.banner.getByRole("button", { name: "See why" }).tap();
  const kernel = lab.pane("Kernel");
  await expect(kernel).toContainText("hello_lock was acquired in hello_write()");
  await fitsAPhone(page, "the autopsy");
  const place = kernel.getByRole("listitem").filter({ hasText: /^Acquired by a\.out/ });
  await place.getByRole("button", { name: /hello\.c:\d+$/ }).tap();
  await expect(lab.pane("Editor").getByRole("textbox", { name: /hello\.c/ })).toBeVisible();
});

test("a report is read, and the machine rescued by the button in the header", async ({
  lab,
  brokenModules,
  page,
}) => {
  await brokenModules.bring(lab, "4-debugging");
  await lab.type("cd ~/4-debugging && sudo insmod ./hello.ko && ./a.out");
  const kernel = await lab.show("Kernel");
  const heading = kernel.getByRole("heading", { name: /hello_write/ });
  await expect(heading).toBeVisible();
  await page.getByRole("banner").getByRole("button", { name: "Rescue" }).tap();
  await expect(lab.notices).toContainText("The machine is back");
  await lab.show("Kernel");
  await expect(heading).toContainText("before the rescue");
});

test("nothing is wider than the screen or too small for a finger", async ({ lab, page }) => {
  for (const name of ["Course", "Editor", "Terminal", "Kernel"] satisfies PaneName[]) {
    await lab.show(name);
    await fitsAPhone(page, name);
  }
});

async function fitsAPhone(page: Page, what: string): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `width of the page with ${what}`).toBeLessThanOrEqual(WIDTH);
  await axeFindsNothing(page, what, ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]);
}
