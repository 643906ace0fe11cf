/** Light and dark. */
import type { Page } from "@playwright/test";
import { expect, test } from "./support/lab-test.js";

test("follows the system until a theme is chosen, and then keeps the choice", async ({
  lab,
  page,
  site,
}) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await lab.open(site.address);
  await expect.poll(() => brightness(page)).toEqual({ page: "dark", terminal: "dark" });
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => brightness(page)).toEqual({ page: "light", terminal: "light" });

  await choose(page, "Dark");
  await expect.poll(() => brightness(page)).toEqual({ page: "dark", terminal: "dark" });
  await page.reload();
  await lab.isReady();
  await expect.poll(() => brightness(page)).toEqual({ page: "dark", terminal: "dark" });

  await choose(page, "Light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => brightness(page)).toEqual({ page: "light", terminal: "light" });
  await choose(page, "As the system");
  await expect.poll(() => brightness(page)).toEqual({ page: "dark", terminal: "dark" });
});

async function choose(page: Page, theme: string): Promise<void> {
  await page.getByRole("button", { name: /^Theme/ }).click();
  await page.getByRole("radio", { name: theme }).check();
  await page.keyboard.press("Escape");
}

/** Of the page's background, and of the terminal's letters against it. */
function brightness(page: Page): Promise<{ page: string; terminal: string }> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const lightness = (color: string): number => {
      if (canvas === null) return Number.NaN;
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return (red + green + blue) / 3 / 255;
    };
    const back = lightness(getComputedStyle(document.body).backgroundColor);
    const rows = document.querySelector(".xterm-rows");
    const letters = rows === null ? Number.NaN : lightness(getComputedStyle(rows).color);
    return { page: back > 0.5 ? "light" : "dark", terminal: letters > 0.5 ? "dark" : "light" };
  });
}
