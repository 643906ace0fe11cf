/** The page as `npm start` serves it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "./support/lab-test.js";

const KSPACE = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

test("kspace serve says its address, and the page there works", async ({ lab }) => {
  const server = spawn(process.execPath, [KSPACE, "serve", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await lab.open(await addressOf(server));
    await lab.run("uname -m", /^i686$/);
    await lab.run("cd ~/4-debugging && sudo insmod ./hello.ko && ./a.out", /^Segmentation fault/);
    const kernel = await lab.show("Kernel");
    await expect(kernel.getByRole("heading", { name: /hello_write/ })).toBeVisible();
    await expect(kernel.getByRole("button", { name: /4-debugging\/hello\.c:\d+/ })).not.toHaveCount(
      0,
    );
  } finally {
    server.kill("SIGINT");
  }
  const [status] = await once(server, "exit");
  expect(status).toBe(0);
});

/** @throws (rejects) when the server ends without one */
async function addressOf(server: ChildProcess): Promise<string> {
  const lines: string[] = [];
  if (server.stdout !== null) {
    for await (const line of createInterface(server.stdout)) {
      const [address] = /http:\/\/\S+/.exec(line) ?? [];
      if (address !== undefined) return address;
      lines.push(line);
    }
  }
  throw new Error(`kspace serve ended without an address: ${lines.join("\n")}`);
}
