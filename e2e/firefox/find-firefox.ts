import { findProgram, programNamedBy } from "../support/find-program.js";

const NAMES = ["firefox-esr", "firefox"];

const ELSEWHERE = ["/Applications/Firefox.app/Contents/MacOS/firefox"];

export const NO_FIREFOX =
  "The page is not tested in Firefox: there is none here. Install it (Debian: " +
  "`sudo apt-get install firefox-esr`), or set FIREFOX_PATH to its program.";

/**
 * The Firefox that FIREFOX_PATH names, else the system's.
 * @throws Error when FIREFOX_PATH names no program
 */
export function findFirefox(): string | undefined {
  return programNamedBy("FIREFOX_PATH") ?? findProgram(NAMES, ELSEWHERE);
}
