/** The edits that sections 3 and 4 ask for, made by hand in the editor, and what the course sees. */
import { expect, test } from "./support/lab-test.js";

/** The first build fetches the compiler. */
const BUILD_MS = 60_000;

test.beforeEach(async ({ lab, site }) => {
  await lab.open(site.address);
  await lab.section(3).click();
});

test("section 3: the line is deleted, compared, and put back", async ({ lab, page }) => {
  test.setTimeout(180_000);
  const course = lab.pane("Course");
  const editor = lab.pane("Editor");
  await lab.nextStepAction().click();
  await expect(lab.step(1, "done")).toBeVisible();
  await course.getByRole("button", { name: /^Open\s+hello\.c$/ }).click();
  const text = editor.getByRole("textbox", { name: /3-locking\/hello\.c/ });
  await expect(text).toBeFocused();
  await expect(text.locator(".cm-activeLine")).toContainText("spin_unlock(&hello_lock);");
  await expect(lab.step(2, "next")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+Shift+k");
  await expect(lab.step(2, "done")).toBeVisible();

  await editor.getByRole("tab", { name: "The edit" }).click();
  await expect(editor).toContainText("the same as the course’s");
  await expect(editor.getByText("One place differs", { exact: true })).toBeVisible();
  for (const step of [3, 4, 5]) {
    await lab.nextStepAction().click();
    await expect(lab.step(step, "done")).toBeVisible({ timeout: BUILD_MS });
  }
  await lab.isFrozen();
  await expect(lab.banner).toContainText("hello_lock was acquired in hello_write() at hello.c:");
  await lab.rescue();

  await lab.show("Editor");
  await editor.getByRole("tab", { name: "hello.c", exact: true }).click();
  await text.focus();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(lab.step(8, "done")).toBeVisible();
  await editor.getByRole("tab", { name: "The edit" }).click();
  await expect(editor).toContainText("You have changed nothing in hello.c yet.");
  // What has been built is of the source before that.
  await expect(lab.step(9, "next")).toBeVisible();
  for (const step of [9, 10, 11, 12]) {
    await lab.nextStepAction().click();
    await expect(lab.step(step, "done")).toBeVisible({ timeout: BUILD_MS });
  }
  await lab.isSectionDone(3);
  await lab.terminalShows(/read 6 bytes: hello/);
});

test("another line than the one that is meant: the step says which", async ({ lab }) => {
  await lab.run("cd ~/3-locking && sed -i '1,/spin_unlock/{/spin_unlock/d}' hello.c");
  const course = lab.pane("Course");
  await expect(course).toContainText("hello_read() has lost its spin_unlock()");
  await course.getByRole("button", { name: "Do it for me" }).click();
  await expect(lab.step(2, "done")).toBeVisible();
  const editor = lab.pane("Editor");
  await expect(editor).toContainText("the same as the course’s");
});

test("section 4 by Run: the course sees what that has done", async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.section(4).click();
  const course = lab.pane("Course");
  await course.getByRole("button", { name: /^Step 2, open:/ }).click();
  await course.getByRole("button", { name: "Do it for me" }).click();
  await lab.openFile("4-debugging", "hello.c");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(lab.step(5, "done")).toBeVisible({ timeout: BUILD_MS });
  for (const step of [1, 2, 3, 4]) await expect(lab.step(step, "done")).toBeVisible();
});
