/** Downloads that are only made when something needs them, and fail then. */
import { builtFile } from "./support/built-file.js";
import { expect, test } from "./support/lab-test.js";

const GDB = "images/i686/packs/gdb.tar.gz.bin";
const KERNEL_SOURCES = "images/i686/packs/linux-source.tar.gz.bin";
const KERNEL_INDEX = "images/i686/kernel.gsym.gz.bin";
/** gdb's first start in the guest takes some seconds of it. */
const GDB_MS = 60_000;

test.beforeEach(({ expectedErrors }) => {
  // What the browser itself says of such a download, and that offline visits will not have it.
  expectedErrors.push(/^error: Failed to load resource/);
});

test("gdb: says what the guest waits for, what failed, and starts at the next try", async ({
  lab,
  site,
}) => {
  site.breakFile(GDB, { kind: "missing" });
  await lab.open(site.address);
  await lab.run("cd ~/2-fops && gdb --quiet hello.ko", /Input\/output error|I\/O error/);
  await expect(lab.notices).toContainText(/The guest has no gdb yet\..*gdb\.tar\.gz.*404/);
  await expect(lab.notices).toContainText("type the command again");

  site.breakFile(GDB, { kind: "slow", bytesPerSecond: 4_000_000 });
  await lab.type("gdb --quiet hello.ko");
  await expect(lab.notices).toContainText(/Downloading gdb for the guest, \d\.\d MB\./);
  await expect(lab.notices).not.toContainText("The guest has no gdb yet");
  await lab.terminalShows(/\(gdb\)$/, GDB_MS);
  await expect(lab.notices).not.toContainText("Downloading gdb");
});

test("the kernel's debug information: the report says so, and is decoded at the next try", async ({
  lab,
  brokenModules,
  site,
}) => {
  site.breakFile(KERNEL_INDEX, { kind: "cut", afterBytes: 100_000 });
  await lab.open(site.address);
  await brokenModules.bring(lab, "4-debugging");
  await lab.oops();
  const kernel = await lab.show("Kernel");
  await expect(kernel).toContainText(
    /The kernel's frames have no source lines: .*kernel\.gsym\.gz could not be downloaded/,
  );
  // The module's own lines are there without it.
  await expect(kernel.getByRole("button", { name: /hello\.c:\d+/ })).not.toHaveCount(0);
  const frame = kernel.getByRole("listitem").filter({ hasText: /vfs_write\+0x/ });
  const place = frame.getByRole("button", { name: /read_write\.c:\d+/ }).last();
  await expect(place).toBeHidden();

  const tryAgain = kernel.getByRole("button", { name: "Try again" });
  await tryAgain.click();
  await expect(tryAgain).toBeEnabled();
  await expect(place).toBeHidden();

  site.mend();
  await tryAgain.click();
  await expect(place).toBeVisible();
  await expect(tryAgain).toBeHidden();
});

test("the kernel's sources: the editor says so, and shows them at the next try", async ({
  lab,
  brokenModules,
  site,
}) => {
  site.breakFile(KERNEL_SOURCES, { kind: "missing" });
  await lab.open(site.address);
  await brokenModules.bring(lab, "4-debugging");
  await lab.oops();
  const kernel = await lab.show("Kernel");
  const frame = kernel.getByRole("listitem").filter({ hasText: /vfs_write\+0x/ });
  await frame
    .getByRole("button", { name: /read_write\.c:\d+/ })
    .last()
    .click();
  const editor = lab.pane("Editor");
  await expect(editor.getByRole("alert")).toContainText(/read_write\.c cannot be shown\..*404/);

  site.mend();
  await editor.getByRole("button", { name: "Try again" }).click();
  const text = editor.getByRole("textbox", { name: /read_write\.c, to be read only/ });
  await expect(text).toContainText("vfs_write");
  // At the line that was asked for before.
  await expect(text).toBeFocused();
});

test("the editor itself: says so, and comes at the next try", async ({ lab, page, site }) => {
  const code = await builtFile(/^code-view-.*\.js$/);
  site.breakFile(code, { kind: "missing" });
  await lab.open(site.address);
  const editor = await lab.show("Editor");
  await expect(editor).toContainText("The editor could not be loaded.");
  await lab.run("uname -m", /^i686$/);
  site.mend();
  await editor.getByRole("button", { name: "Try again" }).click();
  await expect(editor.getByRole("textbox", { name: /hello\.c/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toBeHidden();
});
