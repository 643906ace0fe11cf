/** From what the kernel says to the source. */
import { expect, test } from "./support/lab-test.js";

test.beforeEach(async ({ lab, site }) => {
  await lab.open(site.address);
});

test("a frame of an oops opens its line in the editor", async ({ lab, brokenModules }) => {
  await brokenModules.bring(lab, "4-debugging");
  await lab.oops();
  const kernel = await lab.show("Kernel");
  await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();
  await expect(kernel).toContainText(/copy_from_user\(\)|NULL|null/);

  const frame = kernel
    .getByRole("listitem")
    .filter({ hasText: /hello_write\+0x/ })
    .getByRole("button", { name: /hello\.c:\d+/ });
  const [, line] = /hello\.c:(\d+)/.exec((await frame.textContent()) ?? "") ?? [];
  await frame.click();

  const editor = lab.pane("Editor");
  const text = editor.getByRole("textbox", { name: /4-debugging\/hello\.c/ });
  await expect(text).toBeFocused();
  await expect(editor.getByText(new RegExp(`^${line}:\\d+$`))).toBeVisible();
  // The source says which line it must be: the one call that the report is about.
  await expect(text.locator(".cm-activeLine")).toContainText("copy_from_user(");
});

test("a frame in the kernel opens the kernel's source, to be read only", async ({
  lab,
  brokenModules,
}) => {
  await brokenModules.bring(lab, "4-debugging");
  await lab.oops();
  const kernel = await lab.show("Kernel");
  const frame = kernel
    .getByRole("listitem")
    .filter({ hasText: /vfs_write\+0x/ })
    .getByRole("button", { name: /read_write\.c:\d+/ })
    .last();
  await frame.click();
  const editor = lab.pane("Editor");
  const text = editor.getByRole("textbox", { name: /read_write\.c, to be read only/ });
  await expect(text).toBeFocused();
  await expect(text).toHaveAttribute("contenteditable", /./);
  await lab.page.keyboard.type("x");
  await expect(text.locator(".cm-activeLine")).not.toContainText(/^x/);
});

test("what was reported before a rescue is still there to be read, until it is dismissed", async ({
  lab,
  brokenModules,
}) => {
  await brokenModules.bring(lab, "4-debugging");
  await lab.oops();
  const kernel = await lab.show("Kernel");
  const cards = kernel.getByRole("heading", { name: /hello_write/ });
  const past = cards.filter({ hasText: "before the rescue" });
  const badge = kernel.getByRole("tab", { name: /^Reports/ });
  await expect(cards).toHaveCount(1);
  await expect(badge).toHaveAccessibleName("Reports 1");

  await lab.page.getByRole("banner").getByRole("button", { name: "Rescue" }).click();
  await expect(lab.notices).toContainText("The machine is back");
  await lab.show("Kernel");
  await expect(past).toHaveCount(1);
  await expect(kernel).toContainText("The machine as it runs now has reported nothing.");
  await expect(badge).toHaveAccessibleName("Reports");
  // It stays open, and its frames lead to the source as before.
  await kernel
    .getByRole("button", { name: /4-debugging\/hello\.c:\d+/ })
    .first()
    .click();
  const text = lab.pane("Editor").getByRole("textbox", { name: /4-debugging\/hello\.c/ });
  await expect(text.locator(".cm-activeLine")).toContainText("copy_from_user(");

  await lab.oops();
  await lab.show("Kernel");
  await expect(cards).toHaveCount(2);
  await expect(past).toHaveCount(1);
  await expect(badge).toHaveAccessibleName("Reports 1");
  await kernel.getByRole("button", { name: "Dismiss it" }).click();
  await expect(cards).toHaveCount(1);
  await expect(past).toHaveCount(0);
  await expect(badge).toBeFocused();
});

test("a place in the terminal opens the editor at its line", async ({ lab }) => {
  await lab.run("cd ~/2-fops");
  await lab.run("echo hello.c:57", /^hello\.c:57$/);
  await lab.clickLinkInTerminal(/^hello\.c:57$/);
  const editor = lab.pane("Editor");
  await expect(editor.getByRole("textbox", { name: /2-fops\/hello\.c/ })).toBeFocused();
  await expect(editor.getByText("57:1", { exact: true })).toBeVisible();
});

test("the kernel's log can be filtered, and shows what the guest prints", async ({ lab }) => {
  const kernel = await lab.show("Kernel");
  await kernel.getByRole("tab", { name: "Kernel log" }).click();
  await lab.run("cd ~/1-load && sudo insmod ./hello.ko && sudo rmmod hello");
  await lab.show("Kernel");
  await kernel.getByRole("searchbox").fill("hello: ");
  await expect(kernel).toContainText("hello: loaded");
  await expect(kernel).toContainText("hello: unloaded");
  await kernel.getByRole("searchbox").fill("no message has this");
  await expect(kernel).not.toContainText("hello: loaded");
});
