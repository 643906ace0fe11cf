/** The page without a network, after the first visit. */

import { breakModule } from "./support/broken-modules.js";
import { keptFiles } from "./support/kept-files.js";
import { expect, SITE, test } from "./support/lab-test.js";
import { SiteServer } from "./support/site-server.js";

test("opens and does section 4 with its server gone", async ({ lab, page, context }) => {
  const ownSite = await SiteServer.open(SITE);
  try {
    await lab.open(ownSite.address);
    // The first build fetches the compiler, which is kept from then on.
    await breakModule(lab, "4-debugging");
    // The last of the files that are kept without being asked for.
    await expect
      .poll(() => page.evaluate(keptFiles), { timeout: 30_000, message: "files that are kept" })
      .toContain("images/toolchain/kcc.wasm.xz");
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state))
      .toBe("activated");
  } finally {
    await ownSite[Symbol.asyncDispose]();
  }
  await context.setOffline(true);
  await page.reload();
  await lab.isReady();
  // The edit is there, and what was built of it can be built again.
  await lab.run("cd ~/4-debugging && make", /LD \[M\]/, 60_000);
  await lab.oops();
  const kernel = await lab.show("Kernel");
  await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();
  await kernel
    .getByRole("button", { name: /4-debugging\/hello\.c:\d+/ })
    .first()
    .click();
  await expect(lab.pane("Editor").getByRole("textbox", { name: /hello\.c/ })).toBeFocused();
  await lab.type("gdb hello.ko --quiet");
  await lab.terminalShows(/\(gdb\)$/, 60_000);
});
