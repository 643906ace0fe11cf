/** The user's files: made, named, deleted, brought in and taken along. */
import { readFile } from "node:fs/promises";
import type { Locator } from "@playwright/test";
import { unzipSync } from "fflate";
import { axeFindsNothing } from "./support/axe.js";
import { expect, test } from "./support/lab-test.js";

test.beforeEach(async ({ lab, site }) => {
  await lab.open(site.address);
});

test("a new file is in the guest, and what either side writes, the other sees", async ({
  lab,
  page,
}) => {
  const menu = await lab.openFilesMenu("2-fops");
  await menu.getByRole("textbox", { name: "Name of a new file" }).fill("ring.c");
  await page.keyboard.press("Enter");
  await expect(menu).toBeHidden();
  const text = lab.pane("Editor").getByRole("textbox", { name: /\/2-fops\/ring\.c\b/ });
  await expect(text).toBeFocused();
  await page.keyboard.type("int ring;\n");
  await expect(lab.pane("Editor").getByText("Saved", { exact: true })).toBeVisible();
  await lab.run("cat ~/2-fops/ring.c", /^int ring;/);
  await lab.run("echo 'int guest;' > ~/2-fops/ring.c; touch ~/2-fops/new.c");
  await lab.show("Editor");
  await expect(text).toContainText("int guest;");
  await lab.openFilesMenu("2-fops");
  await expect(menu.getByRole("button", { name: "new.c", exact: true })).toBeVisible();
});

test("names that are none, or taken, are refused with the reason", async ({ lab, page }) => {
  const menu = await lab.openFilesMenu("2-fops");
  const field = menu.getByRole("textbox", { name: "Name of a new file" });
  for (const [name, why] of [
    ["hello.c", "has a hello.c already"],
    ["../hello.c", "has no “/”"],
    ["", "needs a name"],
    ["x".repeat(300), "too long"],
    ["hello.ko", "what a build makes"],
  ] as const) {
    await field.fill(name);
    await page.keyboard.press("Enter");
    await expect(menu.getByRole("status").first()).toContainText(why);
  }
});

test("a file is renamed and deleted by the keyboard alone, and both are undone", async ({
  lab,
  page,
}) => {
  await lab.openFile("2-fops", "hello-test.c");
  const tab = lab.pane("Editor").getByRole("tab", { name: "hello-test.c" });
  await tab.focus();
  await page.keyboard.press("F2");
  const menu = lab.filesMenu;
  await expect(menu.getByRole("textbox", { name: "New name of hello-test.c" })).toBeFocused();
  // The name without its ending is what one types over.
  await page.keyboard.type("try");
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("button", { name: "try.c", exact: true })).toBeFocused();
  await expect(menu.getByRole("status").first()).toContainText("hello-test.c is try.c now.");
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(lab.pane("Editor").getByRole("tab", { name: "try.c" })).toBeVisible();
  await lab.run("ls ~/2-fops/*.c", /try\.c/);
  await page.reload();
  await lab.isReady();
  await lab.run("ls ~/2-fops/*.c", /try\.c/);

  await lab.openFilesMenu("2-fops");
  await menu.getByRole("button", { name: "Delete try.c" }).focus();
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("status").first()).toContainText("try.c is deleted.");
  await expect(menu.locator(":focus")).toBeVisible();
  await menu.getByRole("button", { name: "Undo" }).focus();
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("button", { name: "try.c", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await lab.run("grep -c main ~/2-fops/try.c", /^1$/);
});

test("a right-click on a tab opens the menu at its file, and F2 again a renaming", async ({
  lab,
  page,
}) => {
  await lab.openFile("2-fops", "hello.c");
  const tab = lab.pane("Editor").getByRole("tab", { name: "Makefile" });
  await tab.click({ button: "right" });
  const menu = lab.filesMenu;
  await expect(menu.getByRole("button", { name: "Makefile", exact: true })).toBeFocused();
  await tab.focus();
  await page.keyboard.press("F2");
  await expect(menu.getByRole("textbox", { name: "New name of Makefile" })).toBeFocused();
});

test("Escape ends a renaming, and only then closes the menu", async ({ lab, page }) => {
  const menu = await lab.openFilesMenu("2-fops");
  await menu.getByRole("button", { name: "Rename Makefile" }).click();
  await page.keyboard.type("changed");
  await page.keyboard.press("Escape");
  await expect(menu.getByRole("button", { name: "Makefile", exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
});

test("a program is deleted only after a question", async ({ lab }) => {
  const menu = await lab.openFilesMenu("2-fops");
  await menu.getByRole("button", { name: "Delete a.out" }).click();
  const question = menu.getByRole("group", { name: "Delete a.out?" });
  await expect(question.getByRole("button", { name: "Keep" })).toBeFocused();
  await question.getByRole("button", { name: "Keep" }).click();
  await menu.getByRole("button", { name: "Delete a.out" }).click();
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(menu.getByRole("status").first()).toContainText("a.out is deleted.");
  await expect(menu.getByRole("button", { name: "Undo" })).toBeHidden();
});

test("all files of a folder can go, and a new one begins it again", async ({ lab, page }) => {
  await lab.run("cd ~/2-fops && rm -r *");
  await lab.show("Editor");
  const menu = await lab.openFilesMenu("2-fops");
  await menu.getByRole("textbox", { name: "Name of a new file" }).fill("hello.c");
  await page.keyboard.press("Enter");
  await expect(
    lab.pane("Editor").getByRole("textbox", { name: /\/2-fops\/hello\.c\b/ }),
  ).toBeFocused();
});

test("files are uploaded, what they replace comes back, and what is refused is named", async ({
  lab,
  page,
}) => {
  const menu = await lab.openFilesMenu("2-fops");
  const chosen = page.waitForEvent("filechooser");
  await menu.getByRole("button", { name: "Upload" }).click();
  await (await chosen).setFiles([
    file("hello.c", "/* uploaded */\n"),
    file("ring.h", "#define RING 1\n"),
    file("large.bin", Buffer.alloc(17 * 2 ** 20)),
  ]);
  const status = menu.getByRole("status").first();
  await expect(status).toContainText("hello.c, ring.h are in ~/2-fops now. Replaced: hello.c.");
  await expect(status).toContainText("large.bin has 17 MB, and at most 16 MB are taken.");
  await page.keyboard.press("Escape");
  await lab.run("cat ~/2-fops/hello.c ~/2-fops/ring.h", /uploaded \*\/\n#define RING 1/);
  await lab.openFilesMenu("2-fops");
  await menu.getByRole("button", { name: "Undo" }).click();
  await expect(status).toContainText("Taken back.");
  await page.keyboard.press("Escape");
  await lab.run("head -n 1 ~/2-fops/hello.c; ls ~/2-fops/ring.h", /SPDX[^\n]*\nls: .*ring\.h/);
});

test("files that are dropped on the editor go into its folder, and elsewhere nowhere", async ({
  lab,
  page,
}) => {
  const text = await lab.openFile("2-fops", "hello.c");
  const before = await text.textContent();
  await drag(text, "dragover", { "ring.c": "int dropped;\n" });
  await expect(lab.pane("Editor")).toHaveAttribute("data-drop", /into ~\/2-fops$/);
  await drag(text, "drop", { "ring.c": "int dropped;\n" });
  await expect(lab.notices).toContainText("ring.c is in ~/2-fops now.");
  await expect(lab.pane("Editor")).not.toHaveAttribute("data-drop");
  expect(await text.textContent()).toBe(before);
  await lab.run("cat ~/2-fops/ring.c", /^int dropped;/);
  await lab.notices.getByRole("button", { name: "Undo" }).click();
  await lab.run("ls ~/2-fops/ring.c", /No such file/);

  const { url, isPrevented } = await drag(page.getByRole("banner"), "drop", { "a.c": "a" });
  expect(isPrevented).toBe(true);
  expect(page.url()).toBe(url);
  await lab.run("ls ~/2-fops/a.c", /No such file/);
});

test("one file is downloaded as it is in the guest", async ({ lab, page }) => {
  await lab.editFile("2-fops", "hello.c", "/* mine */");
  const menu = await lab.openFilesMenu("2-fops");
  const download = page.waitForEvent("download");
  await menu.getByRole("button", { name: "Download hello.c" }).click();
  expect((await download).suggestedFilename()).toBe("hello.c");
  expect(await readFile(await (await download).path(), "utf8")).toMatch(/\/\* mine \*\/\n$/);
});

test("the folder is downloaded as a zip that says how it is built", async ({ lab, page }) => {
  await lab.editFile("2-fops", "hello.c", "/* mine */");
  const menu = await lab.openFilesMenu("2-fops");
  const download = page.waitForEvent("download");
  await menu.getByRole("button", { name: "Download as zip" }).click();
  expect((await download).suggestedFilename()).toBe("2-fops.zip");
  const files = unzipSync(await readFile(await (await download).path()));
  expect(Object.keys(files).sort()).toEqual([
    "2-fops/Makefile",
    "2-fops/README.txt",
    "2-fops/hello-fops.c",
    "2-fops/hello-test.c",
    "2-fops/hello.c",
  ]);
  const textOf = (name: string) => Buffer.from(files[`2-fops/${name}`] ?? []).toString();
  expect(textOf("hello.c")).toMatch(/\/\* mine \*\/\n$/);
  expect(textOf("Makefile")).toContain("obj-m := hello.o");
  expect(textOf("README.txt")).toContain("sudo insmod ./hello.ko");
});

for (const [theme, width] of [
  ["light", 1280],
  ["dark", 1280],
  ["dark", 360],
] as const) {
  test(`axe finds nothing in the menu: ${theme}, ${width} px`, async ({ lab, page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: 740 });
    await lab.show("Editor");
    const menu = await lab.openFilesMenu("2-fops");
    await axeFindsNothing(page);
    await menu.getByRole("button", { name: "Rename hello.c" }).click();
    await axeFindsNothing(page);
    await menu.getByRole("textbox", { name: "New name of hello.c" }).fill("Makefile");
    await page.keyboard.press("Enter");
    await expect(menu.getByRole("status").first()).toContainText("has a Makefile already");
    await axeFindsNothing(page);
    await page.keyboard.press("Escape");
    await menu.getByRole("button", { name: "Delete a.out" }).click();
    await axeFindsNothing(page);
    const right = await menu.evaluate((element) => element.getBoundingClientRect().right);
    expect(right).toBeLessThanOrEqual(width);
  });
}

function file(name: string, content: string | Buffer) {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(content) };
}

/** What a browser does when files are dragged from elsewhere. */
function drag(target: Locator, type: string, files: Readonly<Record<string, string>>) {
  return target.evaluate(
    (element, [type, files]) => {
      const dataTransfer = new DataTransfer();
      for (const [name, text] of Object.entries(files)) {
        dataTransfer.items.add(new File([text], name));
      }
      const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
      return { isPrevented: !element.dispatchEvent(event), url: location.href };
    },
    [type, files] as const,
  );
}
