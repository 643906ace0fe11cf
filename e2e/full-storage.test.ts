/** A browser that keeps no more, or nothing. */
import type { Page } from "@playwright/test";
import { expect, test } from "./support/lab-test.js";
import { leaveNoRoom } from "./support/storage-quota.js";

test("a full storage: says so, the edit lasts as long as the page, and room helps", async ({
  lab,
  page,
  site,
}) => {
  await lab.open(site.address);
  await lab.editFile("2-fops", "hello.c", "/* kept before */");
  await fillStorage(page);
  await lab.editFile("2-fops", "hello.c", "/* not kept */");
  await expect(lab.notices).toContainText("The browser's storage for this page is full");
  // The guest has it, also after a rescue.
  await page.getByRole("banner").getByRole("button", { name: "Rescue" }).click();
  await expect(lab.notices).toContainText("The machine is back");
  await lab.run("tail -n 1 ~/2-fops/hello.c", /not kept/);

  await page.reload();
  await lab.isReady();
  await lab.run("tail -n 1 ~/2-fops/hello.c", /kept before/);
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("filler")) localStorage.removeItem(key);
    }
  });
  await lab.editFile("2-fops", "hello.c", "/* kept again */");
  await expect(lab.notices).not.toContainText("is full");
  await page.reload();
  await lab.isReady();
  await lab.run("tail -n 1 ~/2-fops/hello.c", /kept again/);
});

test("a storage that is switched off: says so, and all else works", async ({ lab, page, site }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
  });
  await lab.open(site.address);
  await expect(lab.notices).toContainText("This browser keeps nothing for this page");
  await lab.editFile("2-fops", "hello.c", "/* mine */");
  await lab.run("tail -n 1 ~/2-fops/hello.c", /mine/);
});

test("no room for the page's files: the lab works, from the network", async ({
  lab,
  brokenModules,
  page,
  site,
}) => {
  await leaveNoRoom(page, site.address);
  await lab.open(site.address);
  await brokenModules.bring(lab, "4-debugging");
  await lab.oops();
  const kernel = await lab.show("Kernel");
  await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();
  await page.reload();
  await lab.isReady();
  await lab.run("uname -m", /^i686$/);
});

/** To the last byte, as other pages below the same address can do. */
function fillStorage(page: Page): Promise<void> {
  return page.evaluate(() => {
    let count = 0;
    for (let size = 2 ** 22; size >= 1; size /= 2) {
      try {
        for (;;) localStorage.setItem(`filler${count++}`, "x".repeat(size));
      } catch {
        // Something smaller may still fit.
      }
    }
  });
}
