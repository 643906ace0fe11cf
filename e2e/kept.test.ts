/** What outlives the page. */

import { LabPage } from "./support/lab-page.js";
import { expect, test } from "./support/lab-test.js";

test("edits are there after a reload, in the editor and in the guest", async ({ lab, site }) => {
  await lab.open(site.address);
  await lab.editFile("2-fops", "hello.c", "/* kept in the browser */");
  await lab.run("echo from the guest > ~/2-fops/own.txt; ls ~/2-fops", /own\.txt/);
  // A file of the guest's is kept a moment after it was written, and nothing shows it.
  await expect
    .poll(() => lab.page.evaluate(() => Object.values({ ...localStorage })))
    .toContain("from the guest\n");
  await lab.page.reload();
  await lab.isReady();
  const text = await lab.openFile("2-fops", "hello.c");
  await text.focus();
  await lab.page.keyboard.press("ControlOrMeta+End");
  await expect(text).toContainText("kept in the browser");
  await lab.run(
    "tail -n 1 ~/2-fops/hello.c; cat ~/2-fops/own.txt",
    /kept in the.*\nfrom the guest/,
  );
});

test("a file that was edited a moment before the page is closed is kept", async ({ lab, site }) => {
  await lab.open(site.address);
  const text = await lab.openFile("2-fops", "hello.c");
  await text.focus();
  await lab.page.keyboard.press("ControlOrMeta+End");
  await lab.page.keyboard.type("/* the last words */");
  await lab.page.keyboard.press("Enter");
  await lab.page.reload();
  await lab.isReady();
  await lab.run("tail -n 1 ~/2-fops/hello.c", /the last words/);
});

test("two tabs at once: both work, and the second one is told of the first", async ({
  context,
  site,
}) => {
  const first = new LabPage(await context.newPage());
  await first.open(site.address);
  await expect(first.notices).not.toContainText("another tab");
  const second = new LabPage(await context.newPage());
  await second.open(site.address);
  await expect(second.notices).toContainText("open in another tab");

  await second.run("cd ~/1-load && sudo insmod ./hello.ko", /hello: loaded/);
  await first.page.bringToFront();
  await first.run("lsmod | grep -c hello", /^0$/);

  await first.page.close();
  await expect(second.notices).not.toContainText("open in another tab");
  await second.page.bringToFront();
  await second.run("echo still here", /^still here$/);
});
