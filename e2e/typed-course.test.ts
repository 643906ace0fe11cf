/** The course as a person types it: each step is found done by what the guest did. */
import { expect, test } from "./support/lab-test.js";

const WORKS = /^wrote 6 bytes\nread 6 bytes: hello/;
/** The first build fetches the compiler. */
const BUILD_MS = 60_000;

// The kernel's report is longer than a terminal of the usual height.
test.use({ viewport: { width: 1280, height: 1500 } });

test.beforeEach(async ({ lab, site }) => {
  await lab.open(site.address);
});

test("section 1: load and unload a module", async ({ lab }) => {
  await lab.run("cd ~/1-load");
  await lab.run("cat hello.c", /module_exit\(hello_exit\)/);
  await lab.run("sudo insmod ./hello.ko", /hello: loaded/);
  await lab.run("ls -l /dev/hello", /^crw.* 10, .* \/dev\/hello/);
  await lab.run("sudo rmmod hello", /hello: unloaded/);
  await lab.run("dmesg | tail", /hello: unloaded/);
  await lab.isSectionDone(1);
});

test("section 2: use a device like a file", async ({ lab }) => {
  await lab.run("cd ~/2-fops");
  await lab.run("cat hello.c", /module_exit\(hello_exit\)/);
  await lab.run("make clean; make", /LD \[M\] .*\/2-fops\/hello\.ko/, BUILD_MS);
  await lab.run("sudo insmod ./hello.ko", /hello: loaded/);
  await lab.run("./a.out", WORKS);
  await lab.run("sudo rmmod hello", /hello: unloaded/);
  await lab.isSectionDone(2);
});

test("section 3: a lock that is never given back", async ({ lab }) => {
  await lab.run("cd ~/3-locking");
  await lab.type("vi hello.c");
  await lab.terminalShows(/^- hello\.c 1\/\d+/m);
  // The second one, which is in hello_write().
  await lab.page.keyboard.type("/spin_unlock\nndd:wq\n");
  await lab.run("grep -c spin_unlock hello.c", /^1$/);
  await lab.run("make", /LD \[M\] .*\/3-locking\/hello\.ko/, BUILD_MS);
  await lab.run("sudo insmod ./hello.ko", /hello: loaded/);
  await lab.type("./a.out");
  await lab.isFrozen();
  await expect(lab.banner).toContainText(/spins for a lock/);
  await expect(lab.banner).toContainText(/spin_lock|hello_read|queued/);
  await lab.rescue();
  await lab.run("lsmod | grep -c hello", /^0$/);
  await lab.run("cd ~/3-locking; patch -R < missing-unlock.patch", /patching file hello\.c/);
  await lab.run("make", /LD \[M\]/, BUILD_MS);
  await lab.run("sudo insmod ./hello.ko", /hello: loaded/);
  await lab.run("./a.out", WORKS);
  await lab.run("sudo rmmod hello", /hello: unloaded/);
  await lab.isSectionDone(3);
});

test("section 4: from the kernel's report to the line", async ({ lab }) => {
  await lab.run("cd ~/4-debugging");
  await lab.run("patch < missing-kmalloc.patch", /patching file hello\.c/);
  await lab.run("make", /LD \[M\] .*\/4-debugging\/hello\.ko/, BUILD_MS);
  await lab.run("sudo insmod ./hello.ko", /hello: loaded/);
  await lab.run("./a.out", /^Segmentation fault/);
  await lab.run("dmesg | tail -n 30", /hello_write\+0x[0-9a-f]+\/0x[0-9a-f]+ \[hello\]/);
  const [, place] = /(hello_write\+0x[0-9a-f]+)\/0x/.exec(await lab.terminalText()) ?? [];
  await lab.type("gdb hello.ko --quiet");
  await lab.terminalShows(/\(gdb\)$/, 60_000);
  await lab.type(`l *(${place})`);
  await lab.terminalShows(/^0x[0-9a-f]+ is in hello_write \(.*hello\.c|uaccess\.h:\d+\)/m);
  await lab.terminalShows(/\(gdb\)$/);
  await lab.type("quit");
  await lab.terminalShows(/\$$/);
  const kernel = await lab.show("Kernel");
  await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();
  await lab.page.getByRole("banner").getByRole("button", { name: "Rescue" }).click();
  await expect(lab.notices).toContainText("The machine is back");
  await lab.run("cd ~/4-debugging; patch -R < missing-kmalloc.patch", /patching file hello\.c/);
  await lab.run("make", /LD \[M\]/, BUILD_MS);
  await lab.run("sudo insmod ./hello.ko", /hello: loaded/);
  await lab.run("./a.out", WORKS);
  await lab.isSectionDone(4);
});
