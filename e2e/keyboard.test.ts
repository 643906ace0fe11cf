/** The page without a pointer. */
import type { Locator, Page } from "@playwright/test";
import { breakModule } from "./support/broken-modules.js";
import type { LabPage } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";

/** Steps of section 1. */
const STEPS = 6;
/** More than the page has places for the focus. */
const MOST_TABS = 150;

test.beforeEach(async ({ lab, site }) => {
  await lab.open(site.address);
  // Typing goes to the guest from the start on.
  await expect(lab.terminalInput).toBeFocused();
});

test("section 1 by the keyboard alone", async ({ lab, page }) => {
  for (let number = 1; number <= STEPS; number++) {
    await expect(lab.step(number, "next")).toBeVisible();
    await moveFocusTo(lab, lab.nextStepAction());
    await page.keyboard.press("Enter");
    await expect(lab.step(number, "done")).toBeVisible();
  }
  await lab.isSectionDone(1);
});

test("a freeze and its rescue by the keyboard alone", async ({ lab, page }) => {
  await breakModule(lab, "3-locking");
  await page.keyboard.type("cd ~/3-locking && sudo insmod ./hello.ko && ./a.out\n");
  await lab.isFrozen();
  // It is above the panes.
  await moveFocusTo(lab, lab.banner.getByRole("button", { name: "Rescue" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(lab.banner).toBeHidden();
  await expect(lab.notices).toContainText("The machine is back");
  await lab.run("echo answered", /^answered$/);
});

test("Tab reaches everything, is caught nowhere, and one sees where it is", async ({
  lab,
  page,
}) => {
  await lab.openFile("2-fops", "hello.c");
  const places: FocusedPlace[] = [];
  // From the course to the terminal, where Tab is the guest's, in both directions.
  for (const key of ["Tab", "Shift+Tab"]) {
    await lab.terminalInput.focus();
    await page.keyboard.press("F6");
    for (let count = 0; count < MOST_TABS; count++) {
      // In the editor, Tab is a character that one types.
      if (places.at(-1)?.isEditor) await page.keyboard.press("Escape");
      await page.keyboard.press(key);
      const place = await focusedPlace(page);
      places.push(place);
      if (place.isTerminal) break;
    }
    expect(places.at(-1)?.isTerminal, describe(places)).toBe(true);
  }
  // Past the first and the last of them, the focus is the browser's own.
  const unseen = places.filter(({ name, isMarked }) => !isMarked && !name.startsWith("body "));
  expect(describe(unseen), "focused with nothing that shows it").toBe("");
  for (const name of ["Rescue", "Snapshots", "Help", "Screen reader mode", "Reset this section"]) {
    expect(describe(places)).toContain(name);
  }
});

test("menus and the dialog close by Escape, and give the focus back", async ({ page }) => {
  for (const name of [/^Theme/, /^Snapshots/, /^Help/]) {
    const button = page.getByRole("banner").getByRole("button", { name });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await expect(button).toBeFocused();
  }
});

test("panes, their tabs and the lines between them answer to keys", async ({ lab, page }) => {
  const tabs = page.getByRole("tablist", { name: "Panes" });
  await tabs.getByRole("tab", { name: "Editor" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(lab.pane("Kernel")).toBeVisible();
  await expect(lab.pane("Editor")).toBeHidden();

  const line = page.getByRole("separator", { name: "Width of the course" });
  const before = Number(await line.getAttribute("aria-valuenow"));
  await line.focus();
  await page.keyboard.press("ArrowRight");
  await expect(line).toHaveAttribute("aria-valuenow", String(before + 2));
});

/** As a person does it: out of the terminal by F6, then on by Tab until it is there. */
async function moveFocusTo(lab: LabPage, target: Locator, key = "Tab"): Promise<void> {
  const { page } = lab;
  const way: FocusedPlace[] = [];
  for (let count = 0; count < MOST_TABS; count++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    const place = await focusedPlace(page);
    way.push(place);
    if (place.isEditor) await page.keyboard.press("Escape");
    await page.keyboard.press(place.isTerminal ? "F6" : key);
  }
  throw new Error(`${key} did not reach ${target}, but went to:\n${describe(way)}`);
}

function describe(places: readonly FocusedPlace[]): string {
  return places.map(({ name }) => name).join("\n");
}

interface FocusedPlace {
  readonly name: string;
  /** Something shows that the focus is there. */
  readonly isMarked: boolean;
  readonly isTerminal: boolean;
  readonly isEditor: boolean;
}

function focusedPlace(page: Page): Promise<FocusedPlace> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const style = getComputedStyle(element);
    const name = element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 80);
    const isTerminal = element.matches(".xterm-helper-textarea");
    const isEditor = element.matches(".cm-content[contenteditable=true]");
    const hasOutline = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
    return {
      name: `${element.tagName.toLowerCase()} ${name}`,
      // Those two have a cursor.
      isMarked: isTerminal || isEditor || hasOutline || style.boxShadow !== "none",
      isTerminal,
      isEditor,
    };
  });
}
