import { isBuilt, SITE_FOLDER } from "../../cli/serve/site.js";
import { FreshBrowser, findChromium } from "../browser/chromium.js";
import { Heaps, type UsedBytes } from "../browser/heaps.js";
import { LabTab } from "../browser/lab-tab.js";
import { LoggedSite } from "../browser/logged-site.js";
import type { SoakOptions } from "./options.js";

const WAIT_LIMIT_MS = 60_000;
/** In every so many rounds the edit freezes the machine. */
const BREAKING = 5;
/** V8 goes on compiling what has become warm, and the page fills up to its bounds. */
const WARM_UP_ROUNDS = 25;
/**
 * What a round may add, bytes: the lines that it prints, for the terminal to scroll back to (some
 * 1.3 kB each), what the browser notes of it to undo, and code that V8 compiles again. All of these
 * have bounds.
 */
const MOST_GROWTH = 40_000;

/**
 * Edits the course's module in a page, builds and runs it, so many times: a harmless edit, and in some
 * rounds the course's own, with the freeze and the rescue that follow.
 */
export async function soakPageEdits({ rounds }: SoakOptions): Promise<void> {
  const chromium = findChromium();
  if (!isBuilt(SITE_FOLDER)) throw new Error("The page is not built: `npm run build` builds it.");
  if (chromium === undefined) throw new Error("There is no Chromium to open the page in.");
  await using site = await LoggedSite.open(SITE_FOLDER);
  await using browser = await FreshBrowser.launch(chromium);
  await using tab = await LabTab.open(browser.context, site.url);
  const editing = new Editing(tab);
  await editing.open();
  const heaps = await Heaps.of(tab.page);
  let warm: UsedBytes | undefined;
  for (let round = 1; round <= rounds; round++) {
    const start = performance.now();
    const breaks = round % BREAKING === 0;
    await (breaks ? editing.breakAndRescue() : editing.change(round));
    const ms = Math.round(performance.now() - start);
    console.log(`edits ${round} of ${rounds}: ${breaks ? "frozen, rescued" : "ok"} in ${ms} ms`);
    if (round === WARM_UP_ROUNDS) warm = await heaps.used();
  }
  const measured = rounds - WARM_UP_ROUNDS;
  if (warm !== undefined && measured > 0) checkGrowth(warm, await heaps.used(), measured);
}

function checkGrowth(before: UsedBytes, after: UsedBytes, rounds: number): void {
  for (const of of ["page", "worker"] as const) {
    const growth = (after[of] - before[of]) / rounds;
    const text =
      `heap of the ${of}: ${megabytes(before[of])}, in the end ${megabytes(after[of])}, ` +
      `${Math.round(growth / 1000)} kB a round`;
    if (growth > MOST_GROWTH) throw new Error(`It has grown: ${text}.`);
    console.log(text);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Section 3's module in the editor. */
class Editing {
  readonly #tab: LabTab;
  readonly #text;
  readonly #step;

  constructor(tab: LabTab) {
    this.#tab = tab;
    this.#text = tab.page.getByRole("textbox", { name: /3-locking\/hello\.c/ });
    this.#step = tab.page.getByRole("button", { name: /^Step 2, / });
  }

  async open(): Promise<void> {
    await this.#tab.page.getByRole("tab", { name: /Locking/ }).click();
    await this.#text.waitFor();
  }

  /** Another comment in the first line. */
  async change(round: number): Promise<void> {
    const { keyboard } = this.#tab.page;
    await this.#text.focus();
    await keyboard.press("Control+Home");
    await keyboard.press("Shift+End");
    await keyboard.type(`// SPDX-License-Identifier: MIT OR GPL-2.0-only, round ${round}`);
    await this.#run("good");
  }

  /** The line that gives the lock back is deleted, and put back when the machine has frozen. */
  async breakAndRescue(): Promise<void> {
    const { page } = this.#tab;
    if ((await this.#step.getAttribute("aria-expanded")) === "false") await this.#step.click();
    await page
      .getByRole("button", { name: /^Open\s+hello\.c$/ })
      .first()
      .click();
    const line = this.#text.locator(".cm-activeLine");
    await line.filter({ hasText: "spin_unlock(&hello_lock);" }).waitFor();
    await page.keyboard.press("Control+Shift+k");
    await this.#run("danger");
    await this.#tab.rescue();
    await this.#text.focus();
    await page.keyboard.press("Control+z");
  }

  /** @param look how it is to end, as the page shows it */
  async #run(look: "good" | "danger"): Promise<void> {
    const { page } = this.#tab;
    const panel = page.locator(".build-panel");
    await page.keyboard.press("Control+Enter");
    await panel.and(page.locator('[data-look="busy"]')).waitFor({ timeout: WAIT_LIMIT_MS });
    await panel.and(page.locator(':not([data-look="busy"])')).waitFor({ timeout: WAIT_LIMIT_MS });
    const found = await panel.getAttribute("data-look");
    if (found === look) return;
    throw new Error(`The run was to look ${look}, and looks ${found}: ${await panel.innerText()}`);
  }
}
