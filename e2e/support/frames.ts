import type { Page } from "@playwright/test";

/** How many frames the page's own thread draws in a time. */
export function countFrames(page: Page, ms: number): Promise<number> {
  return page.evaluate(async (duration) => {
    const end = performance.now() + duration;
    let frames = 0;
    while (performance.now() < end) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      frames++;
    }
    return frames;
  }, ms);
}
