/** Sources are edited, built and run in the page. */
import type { Locator, Page } from "@playwright/test";
import { axeFindsNothing } from "./support/axe.js";
import type { LabPage } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";

/** The first build of a page fetches the compiler and has it compiled. */
const BUILD_MS = 60_000;
const COMPILER = "images/toolchain/kcc.wasm.xz";

test("a build shows how its download goes, and is cancelled; so is one that is replaced", async ({
  lab,
  page,
  site,
}) => {
  site.breakFile(COMPILER, { kind: "slow", bytesPerSecond: 500_000 });
  await lab.open(site.address);
  await lab.openFile("2-fops", "hello.c");
  const buttons = lab.pane("Editor").getByRole("group", { name: "Build and run" });
  await buttons.getByRole("button", { name: "Build" }).click();
  const build = buildOf(lab);
  await expect(build.getByRole("progressbar", { name: "Download of the compiler" })).toBeVisible();
  await expect(build).toContainText(/Downloading the compiler: [\d.]+ \w?B of \d+\.\d MB/);
  await build.getByRole("button", { name: "Cancel" }).click();
  await expect(build).toContainText("Cancelled.");
  await buttons.getByRole("button", { name: "Build" }).click();
  await expect(build.getByRole("button", { name: "Cancel" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+s");
  await expect(build).toContainText("the job before it was cancelled");
  await page.keyboard.press("Escape");
  await expect(build).toContainText("Cancelled.");
  await expect(saidAloud(page, "Cancelled.")).toBeAttached();
});

test.describe("with the page open", () => {
  test.beforeEach(async ({ lab, site }) => {
    await lab.open(site.address);
  });

  test("a mistake is marked in the text and listed below it, until it is put right", async ({
    lab,
    page,
  }) => {
    const text = await lab.openFile("2-fops", "hello.c");
    await lab.editFile("2-fops", "hello.c", "int broken(void) { return nothing; }");
    await page.keyboard.press("ControlOrMeta+s");
    const build = buildOf(lab);
    await expect(build).toContainText("Build failed with 1 error", { timeout: BUILD_MS });
    await expect(saidAloud(page, "Build failed with 1 error.")).toBeAttached();
    const problem = build.getByRole("list", { name: "Problems" }).getByRole("listitem");
    await expect(problem).toContainText("use of undeclared identifier 'nothing'");
    const mark = text.locator(".cm-lintRange-error");
    await expect(mark).toHaveText("nothing");
    await expect(lab.pane("Editor").locator(".cm-lint-marker-error")).toHaveCount(1);
    await mark.hover();
    await expect(
      page.getByRole("tooltip").or(page.locator(".cm-tooltip-lint")).first(),
    ).toContainText("use of undeclared identifier");
    await build.getByText("What the compiler wrote").click();
    await expect(build.locator("[data-colour=red]").first()).toHaveText(/error:/);

    // The mark moves with its line, and so does the way to it.
    await text.focus();
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.type("// one line more");
    await page.keyboard.press("Enter");
    await problem.getByRole("button", { name: /^hello\.c:\d+:\d+$/ }).click();
    await expect(text).toBeFocused();
    await expect(text.locator(".cm-activeLine")).toContainText("return nothing;");
    await expect(mark).toHaveText("nothing");
    await lab.terminalInput.focus();
    await page.keyboard.press("F4");
    await expect(text).toBeFocused();
    await expect(text.locator(".cm-activeLine")).toContainText("return nothing;");

    await page.keyboard.press("ControlOrMeta+Shift+k");
    await expect(text).not.toContainText("return nothing;");
    // It holds wherever the focus is.
    await lab.terminalInput.focus();
    await page.keyboard.press("ControlOrMeta+s");
    await expect(build).toContainText(/Built hello\.ko in /, { timeout: BUILD_MS });
    await expect(saidAloud(page, "Build succeeded.")).toBeAttached();
    await expect(mark).toHaveCount(0);
    await expect(problem).toHaveCount(0);
  });

  test("section 3 by deleting the line and pressing Run, and by putting it back", async ({
    lab,
    page,
  }) => {
    test.setTimeout(180_000);
    const acquired = await lineOfLock(lab, "hello_write");
    const text = await find(lab, "3-locking", "spin_unlock(&hello_lock);", 2);
    await page.keyboard.press("ControlOrMeta+Shift+k");
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(lab.banner).toContainText("frozen", { timeout: BUILD_MS });
    const words = new RegExp(
      `hello_lock was acquired in hello_write\\(\\) at hello\\.c:${acquired} by a\\.out`,
    );
    await expect(lab.banner).toContainText(words);
    const build = buildOf(lab);
    await expect(build).toContainText(words);
    // What was typed for the person is in the terminal.
    await lab.terminalShows(/\$ sudo insmod \.\/hello\.ko\n[\s\S]*\$ \.\/a\.out/);
    await lab.banner.getByRole("button", { name: "See why" }).click();
    const kernel = lab.pane("Kernel");
    const place = kernel.getByRole("listitem").filter({ hasText: /^Acquired by a\.out/ });
    await place
      .getByRole("button", { name: `~/3-locking/hello.c:${acquired}`, exact: true })
      .click();
    await expect(text.locator(".cm-activeLine")).toContainText("spin_lock(&hello_lock);");
    await page.keyboard.press("F8");
    await expect(lab.banner).toBeHidden();
    await expect(lab.notices).toContainText("The machine is back");

    await lab.openFile("3-locking", "hello.c");
    await text.focus();
    await page.keyboard.press("ControlOrMeta+z");
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(build).toContainText("./a.out succeeded: exit status 0.", { timeout: BUILD_MS });
    await expect(build).toContainText("read 6 bytes: hello");
    await lab.terminalShows(/read 6 bytes: hello\n/);
  });

  test("section 4 by commenting the lines out, and by putting them back without a rescue", async ({
    lab,
    page,
  }) => {
    test.setTimeout(180_000);
    const text = await find(lab, "4-debugging", "hello_mem = kmalloc(", 1);
    await page.keyboard.press("Home");
    for (let line = 0; line < 2; line++) await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("ControlOrMeta+/");
    await lab.pane("Editor").getByRole("button", { name: "Run", exact: true }).click();
    const build = buildOf(lab);
    await expect(build).toContainText("The kernel reports:", { timeout: BUILD_MS });
    await expect(build).toContainText("Segmentation fault");
    await build.getByRole("button", { name: "See why" }).click();
    const kernel = lab.pane("Kernel");
    await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();

    await lab.openFile("4-debugging", "hello.c");
    await text.focus();
    await page.keyboard.press("ControlOrMeta+z");
    await page.keyboard.press("ControlOrMeta+Enter");
    // The kernel has had a fault: it goes back by itself.
    await expect(build).toContainText("Rescue the machine", { timeout: BUILD_MS });
    await expect(build).toContainText("./a.out succeeded: exit status 0.", { timeout: BUILD_MS });
  });

  test("a test program that does not end is interrupted by Esc", async ({ lab, page }) => {
    const text = await find(lab, "2-fops", "int main(void)", 1, "hello-test.c");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.type("\nfor (;;)\n;");
    await page.keyboard.press("ControlOrMeta+Enter");
    const build = buildOf(lab);
    await expect(build).toContainText("Running ./a.out", { timeout: BUILD_MS });
    await lab.terminalShows(/\$ \.\/a\.out$/);
    await text.focus();
    await page.keyboard.press("Escape");
    await expect(build).toContainText("Cancelled.");
    await lab.terminalShows(/\^C\s+\S+\$$/);
  });

  test("a call shows how the kernel declares it, and leads there", async ({ lab, page }) => {
    await find(lab, "2-fops", "kmalloc", 1);
    const editor = lab.pane("Editor");
    await editor.locator(".cm-activeLine").getByText("kmalloc", { exact: true }).hover();
    const tooltip = page.locator(".declaration-hover");
    await expect(tooltip).toContainText("void *kmalloc(size_t size, gfp_t flags)");
    await expect(tooltip).toContainText(/include\/linux\/slab\.h:\d+$/);
    await page.keyboard.press("Alt+Enter");
    const header = editor.getByRole("textbox", { name: /include\/linux\/slab\.h/ });
    await expect(header).toBeFocused();
    await expect(header.locator(".cm-activeLine")).toContainText("*kmalloc(size_t size");
  });

  test("the keys of builds do nothing in a dialog", async ({ lab, page }) => {
    await lab.openFile("2-fops", "hello.c");
    await page.getByRole("button", { name: "Help" }).click();
    const help = page.getByRole("dialog");
    await expect(help).toContainText("builds the folder of the file in the editor");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.keyboard.press("Escape");
    await expect(help).toBeHidden();
    await expect(buildOf(lab)).toBeHidden();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${colorScheme} theme`, () => {
      test.use({ colorScheme });

      test("axe finds nothing in what a build and a run say", async ({ lab, page }) => {
        await failToBuild(lab, page);
        await axeFindsNothing(page);
        await page.keyboard.press("ControlOrMeta+z");
        await page.keyboard.press("ControlOrMeta+Enter");
        await expect(buildOf(lab)).toContainText("exit status 0", { timeout: BUILD_MS });
        await axeFindsNothing(page);
      });
    });
  }

  test.describe("on a phone", () => {
    test.use({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });

    test("a build's problems and a run's result fit, with the buttons for them", async ({
      lab,
      page,
    }) => {
      await failToBuild(lab, page);
      await fitsAPhone(page);
      await expect(lab.pane("Editor").getByRole("tab", { name: "hello.c" })).toBeInViewport();
      await page.keyboard.press("ControlOrMeta+z");
      await lab.pane("Editor").getByRole("button", { name: "Run", exact: true }).tap();
      await expect(buildOf(lab)).toContainText("read 6 bytes: hello", { timeout: BUILD_MS });
      await fitsAPhone(page);
    });
  });
});

function buildOf(lab: LabPage): Locator {
  return lab.page.getByRole("region", { name: "Build", exact: true });
}

/** What a screen reader is told. */
function saidAloud(page: Page, text: string): Locator {
  return page.getByRole("status").filter({ hasText: text });
}

/** A source that misses a semicolon. */
async function failToBuild(lab: LabPage, page: Page): Promise<void> {
  await find(lab, "2-fops", "return 0;", 1);
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("ControlOrMeta+s");
  await expect(buildOf(lab)).toContainText("expected ';'", { timeout: BUILD_MS });
}

/** Opens a file in the editor, with the cursor at the so-many-th place of a text. */
async function find(
  lab: LabPage,
  section: string,
  wanted: string,
  count: number,
  name = "hello.c",
): Promise<Locator> {
  const { page } = lab;
  const text = await lab.openFile(section, name);
  await text.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("ControlOrMeta+f");
  await page.keyboard.type(wanted);
  for (let found = 0; found < count; found++) await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(text).toBeFocused();
  await expect(text.locator(".cm-activeLine")).toContainText(wanted);
  return text;
}

/** Where a function of section 3 takes the lock, by what the source says itself. */
async function lineOfLock(lab: LabPage, name: string): Promise<number> {
  const pattern = "hello_(read|write)\\(struct|spin_lock\\(&hello_lock\\);";
  await lab.run(`grep -nE '${pattern}' ~/3-locking/hello.c`, /spin_lock/);
  const text = await lab.terminalText();
  const [, line] = new RegExp(`${name}\\(struct[\\s\\S]*?\\n(\\d+):\\s+spin_lock`).exec(text) ?? [];
  return Number(line);
}

async function fitsAPhone(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, "width of the page").toBeLessThanOrEqual(360);
  await axeFindsNothing(page);
}
