import { BrowserError } from "./failure.js";

const HOME = "/home";
/** Where the user's files are. */
export const STUDENT_FOLDER = "/home/student";

/**
 * What a path of the guest's is called in the lab's file tree.
 * @throws BrowserError `refused` for what is not in the user's home
 */
export function pathInHome(path: string): string {
  const names = path.split("/");
  const isInside = path === STUDENT_FOLDER || path.startsWith(`${STUDENT_FOLDER}/`);
  if (!isInside || names.includes("..") || names.includes(".")) {
    throw new BrowserError("refused", `${path} is not in ${STUDENT_FOLDER}, where your files are.`);
  }
  return path.slice(HOME.length);
}
