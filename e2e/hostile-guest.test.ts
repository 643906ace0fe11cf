/** Nothing that a guest prints or names becomes part of the page but as text. */
import { expect, test } from "./support/lab-test.js";

const HOSTILE = "<img src=x onerror=alert(1)>";

test.beforeEach(async ({ lab, page, site }) => {
  page.on("dialog", (dialog) => {
    throw new Error(`A dialog opened: ${dialog.message()}`);
  });
  await lab.open(site.address);
});

test.afterEach(async ({ page }) => {
  // The page's own picture is in its help; the guest's elements would be anywhere, with any source.
  const foreign = 'img:not([src*="screenshots/"]), iframe, script:not([src])';
  await expect(page.locator(foreign)).toHaveCount(0);
});

test("in the terminal", async ({ lab }) => {
  await lab.run(`echo '${HOSTILE}'`, /^<img src=x onerror=alert\(1\)>$/);
});

test("by escape sequences", async ({ lab, page }) => {
  const title = await page.title();
  const link = "\\033]8;;javascript:alert(1)\\033\\\\hyperlink\\033]8;;\\033\\\\";
  await lab.run(`printf '\\033]0;taken\\007\\033]52;c;aGFja2Vk\\007${link}\\n'`, /^hyperlink$/);
  const { x, y } = await lab.pointAtTerminal(/^hyperlink$/);
  await page.mouse.click(x, y);
  expect(await page.title()).toBe(title);
  await lab.run("echo answered", /^answered$/);
});

test("in the kernel's log and in a report of the kernel's", async ({ lab }) => {
  await lab.run(`echo '${HOSTILE}' | sudo tee /dev/kmsg`, /^<img src=x/);
  const kernel = await lab.show("Kernel");
  await expect(kernel).toContainText(HOSTILE);
});

test("as a file's name and its content", async ({ lab }) => {
  await lab.run(`cd ~/1-load && echo '${HOSTILE}' > '${HOSTILE}' && ls`, /<img src=x/);
  const editor = await lab.show("Editor");
  await editor
    .getByRole("combobox", { name: "Section", exact: true })
    .selectOption({ label: "1-load" });
  const others = editor.getByRole("combobox", { name: /^Open another file/ });
  await expect(others.getByRole("option", { name: HOSTILE })).toBeAttached();
  await others.selectOption({ label: HOSTILE });
  await expect(editor.getByRole("tab", { name: HOSTILE })).toBeVisible();
  await expect(editor.getByRole("textbox", { name: /onerror/ })).toContainText(HOSTILE);
});
