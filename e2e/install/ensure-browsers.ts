/**
 * Sees to it that there are browsers for the tests of the page, or says how to get them. Without a
 * Chromium there are no tests; without a Firefox there is one less.
 */
import { findChromium } from "../chromium/find-chromium.js";
import { findFirefox, NO_FIREFOX } from "../firefox/find-firefox.js";
import { aptInstall, canInstall } from "./apt.js";

const NO_CHROMIUM =
  "The tests of the page run in Chromium, and there is none here. Install it (Debian, Ubuntu: " +
  "`sudo apt-get install chromium`; any system: `npx playwright install --with-deps chromium`), " +
  "or set CHROMIUM_PATH to a Chromium or Chrome. All the other tests run by `npm run test:unit`.";

if (!has(findChromium, "chromium")) {
  console.error(NO_CHROMIUM);
  process.exit(1);
}
if (!has(findFirefox, "firefox-esr")) console.error(NO_FIREFOX);

function has(find: () => string | undefined, name: string): boolean {
  if (find() !== undefined) return true;
  return canInstall() && aptInstall(name) && find() !== undefined;
}
