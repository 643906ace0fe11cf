/** The editor: the course's edits, and the user's own. */
import { expect, test } from "./support/lab-test.js";

test.beforeEach(async ({ lab, site }) => {
  await lab.open(site.address);
});

test("a section's change is shown beside the course's, to be read only", async ({ lab }) => {
  await lab.section(3).click();
  const editor = await lab.show("Editor");
  await editor.getByRole("tab", { name: "The edit" }).click();
  await expect(editor).toContainText("You have changed nothing in hello.c yet.");
  const courses = editor.getByRole("textbox", { name: "the course’s hello.c, with what differs" });
  await expect(courses).toContainText("spin_unlock(&hello_lock);");

  const course = lab.pane("Course");
  await course.getByRole("button", { name: /^Step 2, open:/ }).click();
  await course.getByRole("button", { name: "Do it for me" }).click();
  await expect(lab.step(2, "done early")).toBeVisible();
  const mine = editor.getByRole("textbox", { name: "your hello.c, with what differs" });
  await expect(mine).toContainText("spin_unlock(&hello_lock);");
  await expect(editor).toContainText("the same as the course’s");
  // What says so is below the text.
  await expect(editor.getByText("Read only", { exact: true })).toBeVisible();
  await expect(editor.getByText("One place differs", { exact: true })).toBeVisible();
  await expect(editor.getByText("leaves the text")).toBeHidden();
});

test("an edit can be compared with the course's file, and one goes back to it", async ({ lab }) => {
  await lab.editFile("2-fops", "hello.c", "/* mine */");
  const editor = lab.pane("Editor");
  await editor.getByRole("button", { name: "Show what you changed" }).click();
  await expect(editor.getByText("One place differs", { exact: true })).toBeVisible();
  await expect(editor.getByText("Saved", { exact: true })).toBeVisible();
  await expect(editor.getByText(/^\d+:\d+$/)).toBeHidden();
  await editor.getByRole("button", { name: "Back to the text" }).click();
  await expect(editor.getByText("One place differs", { exact: true })).toBeHidden();
  await expect(editor.getByText("leaves the text")).toBeVisible();
  await expect(editor.getByText(/^\d+:\d+$/)).toBeVisible();
});
