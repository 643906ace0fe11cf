/** The course by its buttons alone, as a new user does it. */

import type { LabPage } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";

/** Steps of each section. */
const SECTIONS = [6, 6, 12, 14];
/** Step 6 of section 3 is to see what was found in the frozen machine, which shows itself. */
const DONE_BY_ITSELF = { section: 3, step: 6 };

test("all four sections, and the progress is there after a reload", async ({ lab, page, site }) => {
  test.setTimeout(240_000);
  await lab.open(site.address);
  for (const [index, steps] of SECTIONS.entries()) {
    const number = index + 1;
    await test.step(`section ${number}`, async () => {
      await expect(lab.section(number)).toHaveAttribute("aria-selected", "true");
      await doSteps(
        lab,
        steps,
        number === DONE_BY_ITSELF.section ? DONE_BY_ITSELF.step : undefined,
      );
      await lab.isSectionDone(number);
      const course = lab.pane("Course");
      await expect(course).toContainText(`Section ${number} is done.`);
      if (number < SECTIONS.length) {
        await course.getByRole("button", { name: `Go on with ${number + 1}.` }).click();
      }
    });
  }
  await page.reload();
  await lab.isReady();
  for (const number of SECTIONS.keys()) await lab.isSectionDone(number + 1);
});

test("a step that needs another one first says so, and helps", async ({ lab, site }) => {
  await lab.open(site.address);
  await lab.section(2).click();
  const course = lab.pane("Course");
  await course.getByRole("button", { name: /^Step 5, open:/ }).click();
  await expect(course).toContainText("The module is not loaded now.");
  await course
    .getByRole("button", { name: /insmod/ })
    .last()
    .click();
  await lab.terminalShows(/hello: loaded/);
  await expect(course).not.toContainText("The module is not loaded now.");
});

test("a section that is reset begins anew, and the others stay as they are", async ({
  lab,
  site,
}) => {
  await lab.open(site.address);
  await doSteps(lab, 3);
  await lab.editFile("1-load", "hello.c", "/* to be lost */");
  await lab.editFile("2-fops", "hello.c", "/* to be kept */");
  // The course goes with the editor from section to section.
  await lab.section(1).click();
  const course = lab.pane("Course");
  await course.getByRole("button", { name: "Reset this section" }).click();
  await course.getByRole("button", { name: "Reset", exact: true }).click();
  await expect(lab.section(1)).toHaveAccessibleName(/, 0 of 6 steps done$/);
  await expect(lab.step(1, "next")).toBeVisible();
  await lab.run(
    "tail -n 1 ~/1-load/hello.c ~/2-fops/hello.c; lsmod | grep -c hello",
    /to be kept.*\n+0$/,
  );
  expect(await lab.terminalText()).not.toContain("to be lost");
});

/** By the button of each, until so many are done. */
async function doSteps(lab: LabPage, count: number, doneByItself?: number): Promise<void> {
  for (let number = 1; number <= count; number++) {
    if (number !== doneByItself) {
      await expect(lab.step(number, "next")).toBeVisible();
      await lab.nextStepAction().click();
    }
    // The longest of them fetch the compiler and gdb.
    await expect(lab.step(number, "done")).toBeVisible({ timeout: 60_000 });
  }
}
