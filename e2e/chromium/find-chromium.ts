import { chromium } from "@playwright/test";
import { findProgram, programNamedBy } from "../support/find-program.js";

/** What distributions call it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where it lies when it is not in the PATH. */
const ELSEWHERE = [
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * The Chromium that the tests run in: the one that CHROMIUM_PATH names, else the system's, else the
 * one that `npx playwright install chromium` has downloaded.
 * @throws Error when CHROMIUM_PATH names no program
 */
export function findChromium(): string | undefined {
  return (
    programNamedBy("CHROMIUM_PATH") ?? findProgram(NAMES, [...ELSEWHERE, chromium.executablePath()])
  );
}
