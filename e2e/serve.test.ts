/** The page as `npm start` serves it. */

import { breakModule } from "./support/broken-modules.js";
import { KspaceServe } from "./support/kspace-serve.js";
import { expect, test } from "./support/lab-test.js";

test("kspace serve says its address, and the page there works", async ({ lab }) => {
  using server = new KspaceServe();
  await lab.open(await server.address());
  await lab.run("uname -m", /^i686$/);
  await breakModule(lab, "4-debugging");
  await lab.run("cd ~/4-debugging && sudo insmod ./hello.ko && ./a.out", /^Segmentation fault/);
  const kernel = await lab.show("Kernel");
  await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();
  await expect(kernel.getByRole("button", { name: /4-debugging\/hello\.c:\d+/ })).not.toHaveCount(
    0,
  );
  expect(await server.stop()).toBe(0);
});
