/** A frozen machine is opened up: the page shows who has the lock, and where in the source. */
import type { Locator } from "@playwright/test";
import type { LabPage } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";
import { measuredUntilBelow } from "./support/shortest.js";

const LOAD = "cd ~/3-locking && sudo insmod ./hello.ko";
const TITLE = "Frozen: waiting for hello_lock";
const SECONDS_TO_HOLDER = 1.5;

test.beforeEach(async ({ lab, brokenModules, site }) => {
  await lab.open(site.address);
  await brokenModules.bring(lab, "3-locking");
});

test("both lines, the lock and its holder, with links into the editor, also after a rescue", async ({
  lab,
}) => {
  const { read, write } = await linesThatTakeTheLock(lab);
  await freeze(lab);
  await expect(lab.banner).toContainText(
    new RegExp(
      `hello_lock was acquired in hello_write\\(\\) at hello\\.c:${write} by a\\.out ` +
        "\\(pid \\d+\\) and never released; " +
        `hello_read\\(\\) at hello\\.c:${read} has been waiting for it since\\.`,
    ),
  );
  // It comes to the front by itself: nobody writes in the editor.
  const kernel = lab.pane("Kernel");
  await expect(kernel.getByRole("heading", { name: TITLE })).toBeVisible();
  const step = lab.pane("Course").getByRole("button", { name: /^Step 6, done: Read why/ });
  await expect(step).toBeVisible();
  await showsBothPlaces(lab, kernel, read, write);

  await lab.rescue();
  await lab.show("Kernel");
  await expect(kernel.getByRole("heading", { name: TITLE })).toContainText("before the rescue");
  await showsBothPlaces(lab, kernel, read, write);
  const trace = kernel.getByRole("listitem").filter({ hasText: /hello_read\+0x.* \[hello\]/ });
  await trace.getByRole("button", { name: new RegExp(`hello\\.c:${read}:`) }).click();
  await isAtLine(lab, read);
});

test("the holder is named within a second and a half of the freeze", async ({ lab, page }) => {
  const seconds = await measuredUntilBelow(SECONDS_TO_HOLDER, async (before) => {
    if (before > 0) await lab.rescue();
    await lab.run(LOAD, /hello: loaded/);
    const named = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let frozenAt: number | undefined;
          const look = (): void => {
            const text = document.querySelector('[role="alert"]')?.textContent ?? "";
            if (text.includes("frozen")) frozenAt ??= performance.now();
            if (frozenAt !== undefined && text.includes("hello_lock was acquired")) {
              resolve((performance.now() - frozenAt) / 1000);
              observer.disconnect();
            }
          };
          const observer = new MutationObserver(look);
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
    await lab.type("./a.out");
    return named;
  });
  expect(Math.min(...seconds), `seconds until the holder was named: ${seconds}`).toBeLessThan(
    SECONDS_TO_HOLDER,
  );
});

test("the evidence is a click away, and all that was found is copied as text", async ({
  lab,
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await freeze(lab);
  await lab.banner.getByRole("button", { name: "See why" }).click();
  const kernel = lab.pane("Kernel");
  await expect(kernel).toContainText("hello_lock was acquired");
  await expect(kernel.getByText(/^The processor stood at/)).toBeHidden();
  await kernel.getByText("Evidence", { exact: true }).click();
  await expect(kernel.getByText(/^The processor stood at/)).toBeVisible();

  await kernel.getByRole("button", { name: "Copy as text" }).click();
  await expect(kernel.getByRole("button", { name: "Copied" })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/Acquired by `a\.out` \(pid \d+\) in `hello_write\(\)`\n/);
  expect(copied).toMatch(/\n➤ \d+ {2}\tspin_lock\(&hello_lock\);\n/);
  expect(copied).toMatch(/\nEvidence:\n- /);
});

test("whoever writes in the editor is not pulled away from it", async ({ lab, page }) => {
  await lab.run(LOAD, /hello: loaded/);
  const text = await lab.openFile("3-locking", "hello.c");
  await lab.type("sleep 3; ./a.out");
  await text.focus();
  await lab.isFrozen();
  await expect(lab.banner).toContainText("hello_lock was acquired");
  await expect(text).toBeFocused();
  await lab.banner.getByRole("button", { name: "See why" }).click();
  await expect(lab.pane("Kernel").getByRole("heading", { name: TITLE })).toBeVisible();
  await expect(page.locator(":focus")).toHaveAccessibleName(/^Reports/);
});

async function freeze(lab: LabPage): Promise<void> {
  await lab.run(LOAD, /hello: loaded/);
  await lab.type("./a.out");
  await lab.isFrozen();
}

/** Where the source takes the lock, by what it says itself. */
async function linesThatTakeTheLock(lab: LabPage): Promise<{ read: number; write: number }> {
  const pattern = "hello_(read|write)\\(struct|spin_lock\\(&hello_lock\\);";
  await lab.run(`grep -nE '${pattern}' ~/3-locking/hello.c`, /spin_lock/);
  const text = await lab.terminalText();
  const lineIn = (name: string): number => {
    const [, line] = new RegExp(`${name}\\(struct[^]*?\\n(\\d+):\\s+spin_lock`).exec(text) ?? [];
    return Number(line);
  };
  return { read: lineIn("hello_read"), write: lineIn("hello_write") };
}

/** Each with its line marked, and a link that opens the editor there. */
async function showsBothPlaces(
  lab: LabPage,
  kernel: Locator,
  read: number,
  write: number,
): Promise<void> {
  for (const [title, line] of [
    [/^Acquired by a\.out \(pid \d+\) in hello_write\(\)/, write],
    [/^Waited for by a\.out \(pid \d+\) in hello_read\(\)/, read],
  ] as const) {
    await lab.show("Kernel");
    const place = kernel.getByRole("listitem").filter({ hasText: title });
    await expect(place).toContainText(new RegExp(`➤ +${line} +\\tspin_lock\\(&hello_lock\\);`));
    await place.getByRole("button", { name: `~/3-locking/hello.c:${line}`, exact: true }).click();
    await isAtLine(lab, line);
  }
  await lab.show("Kernel");
}

async function isAtLine(lab: LabPage, line: number): Promise<void> {
  const editor = lab.pane("Editor");
  const text = editor.getByRole("textbox", { name: /3-locking\/hello\.c/ });
  await expect(text).toBeFocused();
  await expect(editor.getByText(new RegExp(`^${line}:\\d+$`))).toBeVisible();
  await expect(text.locator(".cm-activeLine")).toContainText("spin_lock(&hello_lock);");
}
