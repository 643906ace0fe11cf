/** What a person has of the page while the guest is frozen, and after it. */

import { countFrames } from "./support/frames.js";
import { recordFreeze } from "./support/freeze-recorder.js";
import { expect, test } from "./support/lab-test.js";
import { MOST_SAMPLES, measuredUntilBelow } from "./support/shortest.js";

const LOAD = "cd ~/3-locking && sudo insmod ./hello.ko";

test.beforeEach(async ({ lab, brokenModules, site }) => {
  await lab.open(site.address);
  await brokenModules.bring(lab, "3-locking");
  await lab.run(LOAD, /hello: loaded/);
});

test("is told within a second, with the place where the CPU is stuck", async ({ lab }) => {
  const silences = await measuredUntilBelow(1000, async (before) => {
    if (before > 0) {
      await lab.rescue();
      await lab.run(LOAD, /hello: loaded/);
    }
    const silence = await recordFreeze(lab.page);
    await lab.type("./a.out");
    await lab.isFrozen();
    return silence();
  });
  const shortest = Math.min(...silences);
  expect(shortest, `milliseconds without a sign of life: ${silences}`).toBeLessThan(1000);
  await expect(lab.banner).toContainText(/The CPU is in \S+\+0x[0-9a-f]+/);
  await expect(lab.gauge).toContainText(/Frozen.*MIPS.*\+0x[0-9a-f]+/);
});

test("the page is alive while the guest is frozen", async ({ lab, page }) => {
  await lab.type("./a.out");
  await lab.isFrozen();
  const options = { message: "frames drawn in a second", timeout: MOST_SAMPLES * 1000 };
  await expect.poll(() => countFrames(page, 1000), options).toBeGreaterThan(20);

  const kernel = await lab.show("Kernel");
  await kernel.getByRole("tab", { name: "Modules" }).click();
  await expect(kernel.getByRole("rowheader", { name: "hello" })).toBeVisible();
  await kernel.getByRole("tab", { name: "Kernel log" }).click();
  await expect(kernel).toContainText("hello: opened by a.out");
  await page.getByRole("button", { name: "Help" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  // It is still frozen: nothing of this was an answer of the guest's.
  await lab.isFrozen();
});

test("keys that were typed at a frozen guest do not come back with it", async ({ lab, page }) => {
  await lab.type("./a.out");
  await lab.isFrozen();
  await lab.terminalInput.focus();
  await page.keyboard.type("echo typed-at-a-frozen-guest");
  await lab.rescue();
  await lab.run("echo answered", /^answered$/);
  expect(await lab.terminalText()).not.toContain("typed-at-a-frozen-guest");
});

test("a second freeze soon after the first rescue is rescued as well", async ({ lab }) => {
  await lab.type("./a.out");
  await lab.isFrozen();
  await lab.rescue();
  await expect(lab.notices).toContainText("The machine is back");
  await lab.run(LOAD, /hello: loaded/);
  await lab.type("./a.out");
  await lab.isFrozen();
  // That is not so any more; and nothing lies over the button.
  await expect(lab.notices).not.toContainText("The machine is back");
  await lab.banner.getByRole("button", { name: "Rescue" }).click();
  await expect(lab.banner).toBeHidden();
});

test("F8 rescues, and edits and files are still there", async ({ lab, page }) => {
  await lab.editFile("3-locking", "hello.c", "/* an edit of mine */");
  await lab.run("echo before > note.txt; ls", /note\.txt/);
  await lab.type("./a.out");
  await lab.isFrozen();
  await page.keyboard.press("F8");
  await expect(lab.banner).toBeHidden();
  await expect(lab.notices).toContainText("The machine is back");
  await lab.run(
    "cat ~/3-locking/note.txt; tail -n 1 ~/3-locking/hello.c",
    /before\n.*an edit of mine/,
  );
  const editor = await lab.show("Editor");
  await expect(editor.getByRole("textbox", { name: /hello\.c/ })).toContainText("an edit of mine");
});

test("a file that is edited while the guest is frozen is in the guest after it", async ({
  lab,
}) => {
  await lab.type("./a.out");
  await lab.isFrozen();
  await lab.editFile("3-locking", "hello.c", "/* typed while it was frozen */");
  await lab.rescue();
  await lab.run("tail -n 1 ~/3-locking/hello.c", /typed while it was frozen/);
});
