import type { Page } from "@playwright/test";

/**
 * Watches the page from within, since a look from outside takes time of its own.
 * @returns a function that answers, once the page has told of a freeze, how many milliseconds
 * before that the guest last wrote to its terminal
 */
export async function recordFreeze(page: Page): Promise<() => Promise<number>> {
  const handle = await page.evaluateHandle(() => {
    const seen = { lastOutput: Number.NaN, told: Number.NaN };
    const rows = document.querySelector(".xterm-rows");
    const alerts = document.querySelectorAll("[role=alert]");
    const options = { subtree: true, childList: true, characterData: true };
    new MutationObserver(() => {
      if (Number.isNaN(seen.told)) seen.lastOutput = performance.now();
    }).observe(rows ?? document.body, options);
    for (const alert of alerts) {
      new MutationObserver(() => {
        if (Number.isNaN(seen.told) && alert.textContent.includes("frozen")) {
          seen.told = performance.now();
        }
      }).observe(alert, options);
    }
    return seen;
  });
  return () => handle.evaluate(({ lastOutput, told }) => told - lastOutput);
}
