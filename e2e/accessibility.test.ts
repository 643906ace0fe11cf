/** What axe-core finds in the page's states, in both themes. */
import type { Locator } from "@playwright/test";
import { axeFindsNothing } from "./support/axe.js";
import { expect, test } from "./support/lab-test.js";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test("while it starts", async ({ lab, page, site }) => {
      site.breakFile("images/i686/snapshot.bin", { kind: "slow", bytesPerSecond: 1_000_000 });
      await page.goto(site.address);
      await expect(page.getByRole("progressbar", { name: "Download" })).toBeVisible();
      await axeFindsNothing(page);
      await expect(lab.gauge).toBeHidden();
    });

    test("when the start has failed", async ({ lab, page, site, expectedErrors }) => {
      expectedErrors.push(/^error: Failed to load resource/);
      site.breakFile("images/i686/snapshot.bin", { kind: "missing" });
      await page.goto(site.address);
      await expect(lab.banner).toBeVisible();
      await axeFindsNothing(page);
    });

    test("when the machine is ready, with each pane, menu and dialog", async ({
      lab,
      page,
      site,
    }) => {
      await lab.open(site.address);
      await axeFindsNothing(page);
      await lab.openFile("2-fops", "hello.c");
      await axeFindsNothing(page);
      const edit = await lab.openFile("3-locking", "missing-unlock.patch", "the course’s hello.c");
      await expect(edit).toContainText("spin_unlock");
      await axeFindsNothing(page);
      await page.getByRole("button", { name: "Help" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await axeFindsNothing(page);
      await page.keyboard.press("Escape");
      for (const menu of [/^Theme/, /^Snapshots/]) {
        await page.getByRole("button", { name: menu }).click();
        await axeFindsNothing(page);
        await page.keyboard.press("Escape");
      }
      await page.getByRole("button", { name: "Screen reader mode" }).click();
      await axeFindsNothing(page);
    });

    test("when the guest is frozen", async ({ lab, brokenModules, page, site }) => {
      await lab.open(site.address);
      await brokenModules.bring(lab, "3-locking");
      await lab.run("cd ~/3-locking && sudo insmod ./hello.ko", /hello: loaded/);
      await lab.type("./a.out");
      await lab.isFrozen();
      await axeFindsNothing(page);
      const kernel = await lab.show("Kernel");
      await expect(kernel).toContainText("hello_lock was acquired");
      await openAll(kernel);
      await axeFindsNothing(page);
    });

    test("with the card of a report, and the log and the modules beside it", async ({
      lab,
      brokenModules,
      page,
      site,
    }) => {
      await lab.open(site.address);
      await brokenModules.bring(lab, "4-debugging");
      await lab.oops();
      const kernel = await lab.show("Kernel");
      await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();
      await openAll(kernel);
      await axeFindsNothing(page);
      for (const tab of ["Kernel log", "Modules"]) {
        await kernel.getByRole("tab", { name: tab }).click();
        await axeFindsNothing(page);
      }
    });
  });
}

async function openAll(pane: Locator): Promise<void> {
  const closed = pane.locator("details:not([open]) > summary");
  while ((await closed.count()) > 0) await closed.first().click();
}
