import { median } from "../median.js";
import type { LabTab } from "./lab-tab.js";

/** From a click on Build to the page's word that it is built, milliseconds. */
export interface PageBuilds {
  /** The compiler and the headers have still to come. */
  readonly firstMs: number;
  /** The median of those after it. */
  readonly warmMs: number;
}

const WARM_BUILDS = 7;

/** Builds what the editor shows when the page is opened: the course's hello.c. */
export async function measurePageBuilds(tab: LabTab): Promise<PageBuilds> {
  const firstMs = await measureBuild(tab);
  const warm: number[] = [];
  for (let build = 0; build < WARM_BUILDS; build++) warm.push(await measureBuild(tab));
  return { firstMs, warmMs: median(warm) };
}

async function measureBuild({ page }: LabTab): Promise<number> {
  const { ms, sentence, hasSucceeded } = await page.evaluate(buildInPage);
  if (hasSucceeded) return ms;
  throw new Error(`The page did not build what it shows at the start: ${sentence}`);
}

/** Runs in the page, and so uses nothing from outside of it. */
function buildInPage(): Promise<{ ms: number; sentence: string; hasSucceeded: boolean }> {
  return new Promise((resolve, reject) => {
    const button = document.querySelector<HTMLButtonElement>('button[aria-label="Build"]');
    if (button === null || button.disabled) {
      reject(new Error("The page has no Build button that can be pressed."));
      return;
    }
    let hasBegun = false;
    const start = performance.now();
    const observer = new MutationObserver(() => {
      const panel = document.querySelector<HTMLElement>(".build-panel");
      const look = panel?.dataset.look;
      hasBegun ||= look === "busy";
      if (!hasBegun || look === "busy") return;
      observer.disconnect();
      resolve({
        ms: performance.now() - start,
        sentence: panel?.textContent ?? "",
        hasSucceeded: look === "good",
      });
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    button.click();
  });
}
