import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["firefox-esr", "firefox"];

const ELSEWHERE = ["/Applications/Firefox.app/Contents/MacOS/firefox"];

/** The Firefox that FIREFOX_PATH names, else the system's. */
export function findFirefox(): string | undefined {
  const wanted = process.env.FIREFOX_PATH;
  if (wanted) {
    if (isProgram(wanted)) return wanted;
    throw new Error(`FIREFOX_PATH is ${wanted}, and there is no program at that path.`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const inPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...inPath, ...ELSEWHERE].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
