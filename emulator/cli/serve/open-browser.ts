import { spawn } from "node:child_process";
import { once } from "node:events";

/** What opens an address in the user's browser. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  // "start" is a word of the shell's, and takes the first argument in quotes for a title.
  win32: ["cmd", "/c", "start", ""],
};
const ELSEWHERE: readonly string[] = ["xdg-open"];

/**
 * Opens an address in the user's browser.
 * @returns whether there was something that does
 */
export async function openBrowser(url: string): Promise<boolean> {
  const [command = "", ...args] = OPENERS[process.platform] ?? ELSEWHERE;
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.unref();
  try {
    await once(child, "spawn");
    return true;
  } catch {
    return false;
  }
}
