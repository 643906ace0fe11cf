/** Sees to it that there is a Chromium for the tests of the page, or says how to get one. */
import { spawnSync } from "node:child_process";
import { findChromium } from "./find-chromium.js";

/** Debian's package and the packages that it needs: 100 MB, on a slow line. */
const INSTALL_MS = 15 * 60_000;

const HOW_TO =
  "The tests of the page run in Chromium, and there is none here. Install it (Debian, Ubuntu: " +
  "`sudo apt-get install chromium`; any system: `npx playwright install --with-deps chromium`), " +
  "or set CHROMIUM_PATH to a Chromium or Chrome. All the other tests run by `npm run test:unit`.";

if (findChromium() === undefined && !(canInstall() && install())) {
  console.error(HOW_TO);
  process.exit(1);
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && run("apt-get", ["--version"], "ignore");
}

function install(): boolean {
  console.error("Installing Chromium for the tests of the page (apt-get install chromium) …");
  const packages = ["install", "--yes", "--no-install-recommends", "chromium"];
  const isDone = run("apt-get", ["update"]) && run("apt-get", packages);
  if (!isDone) console.error("`apt-get install chromium` failed.");
  return isDone && findChromium() !== undefined;
}

function run(program: string, args: readonly string[], output: "inherit" | "ignore" = "inherit") {
  // Its words go where ours go: standard output is for the tests' results.
  const stdout = output === "inherit" ? 2 : "ignore";
  const { status } = spawnSync(program, args, {
    stdio: ["ignore", stdout, output],
    timeout: INSTALL_MS,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return status === 0;
}
