import type { BrowserContext, Page } from "@playwright/test";
import { installProbe, NAME_HELPER } from "./page-probe.js";

/** What a machine with much else to do may take. */
const WAIT_LIMIT_MS = 60_000;
/** Seldom enough that the looking itself is no work for the page. */
const POLL_MS = 50;

/**
 * The course's third section up to where its machine freezes, and what freezes it. Its module is
 * built once for a tab.
 */
export const BEFORE_FREEZE =
  "cd ~/3-locking; [ -e hello.ko ] || { patch < missing-unlock.patch; make; }; " +
  "sudo insmod hello.ko";
export const FREEZE = "./a.out";

/** A tab with the page in it, and the probe. */
export class LabTab implements AsyncDisposable {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page, and waits until its prompt has answered. */
  static async open(context: BrowserContext, url: string): Promise<LabTab> {
    const page = await context.newPage();
    await page.addInitScript(NAME_HELPER);
    await page.addInitScript(installProbe);
    await page.goto(url);
    const tab = new LabTab(page);
    await tab.#until(() => kspaceProbe.answeredAt !== undefined);
    return tab;
  }

  /** Milliseconds from the page's start to its prompt's first answer. */
  answeredAt(): Promise<number> {
    return this.page.evaluate(() => kspaceProbe.answeredAt ?? Number.NaN);
  }

  async type(line: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  async focus(): Promise<void> {
    await this.page.locator(".xterm-helper-textarea").focus();
  }

  /** Ends what runs in the foreground. */
  async interrupt(): Promise<void> {
    await this.page.keyboard.press("Control+c");
    await this.prompt();
  }

  async prompt(): Promise<void> {
    await this.#until(() => kspaceProbe.screen().endsWith("$"));
  }

  /** Waits until all that the terminal shows is this. */
  async shows(screen: RegExp): Promise<void> {
    await this.page.waitForFunction(
      ({ source, flags }) => new RegExp(source, flags).test(kspaceProbe.screen()),
      { source: screen.source, flags: screen.flags },
      { timeout: WAIT_LIMIT_MS, polling: POLL_MS },
    );
  }

  async clear(): Promise<void> {
    await this.type("clear");
    await this.shows(/^\S+\$$/);
  }

  /** Section 3 of the course, up to the page's word that the machine is frozen. */
  async freeze(): Promise<void> {
    await this.clear();
    await this.type(`${BEFORE_FREEZE}; ${FREEZE}`);
    await this.#rescueButton.waitFor({ timeout: WAIT_LIMIT_MS });
  }

  async rescue(): Promise<void> {
    await this.#rescueButton.click();
    await this.#rescueButton.waitFor({ state: "detached", timeout: WAIT_LIMIT_MS });
    await this.prompt();
  }

  /** Everything that works without a network has come. */
  async keptForOffline(): Promise<void> {
    // Not by waitForFunction(), which takes the promise of an answer for the answer.
    const isKept = await this.page.evaluate(async (limitMs) => {
      await navigator.serviceWorker.ready;
      for (const end = performance.now() + limitMs; performance.now() < end; ) {
        const names = await caches.keys();
        const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        // The last of what is kept without being asked for.
        if (kept.flat().some(({ url }) => url.includes("/toolchain/kcc"))) return true;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return false;
    }, WAIT_LIMIT_MS);
    if (!isKept) throw new Error("The service worker has not kept the compiler, which comes last.");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
  }

  get #rescueButton() {
    return this.page.getByRole("alert").getByRole("button", { name: "Rescue" });
  }

  async #until(condition: () => boolean): Promise<void> {
    await this.page.waitForFunction(condition, null, { timeout: WAIT_LIMIT_MS, polling: POLL_MS });
  }
}
