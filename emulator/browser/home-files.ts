import { FileError, type FileTree } from "../files/index.js";
import { STUDENT } from "../lab/home.js";
import { BrowserError } from "./failure.js";
import { pathInHome, STUDENT_FOLDER } from "./home-path.js";

/**
 * What a person does with files and folders in the page. Paths are the guest's; one outside of the
 * user's home is `refused` (BrowserError), and what the tree does not allow is a FileError.
 */
export class HomeFiles {
  readonly #files: FileTree;

  constructor(files: FileTree) {
    this.#files = files;
  }

  /** Writes a file, and makes the folders on the way. One that is there keeps its mode. */
  write(path: string, bytes: Uint8Array): void {
    const inTree = pathInHome(path);
    const isNew = !this.#files.exists(inTree);
    this.#files.writeFile(inTree, bytes, isNew ? { mode: 0o644, ...STUDENT } : {});
  }

  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): void {
    this.#files.remove(notHomeItself(path), { recursive: true });
  }

  /** Moves a file or folder; unlike rename(2), it never takes the place of another. */
  rename(from: string, to: string): void {
    const target = notHomeItself(to);
    if (from !== to && this.#files.exists(target)) {
      throw new FileError("EEXIST", `there is a "${to}" already; choose another name`, to);
    }
    this.#files.rename(notHomeItself(from), target);
  }

  /** Makes a folder and those on the way to it. */
  makeFolder(path: string): void {
    this.#files.mkdir(pathInHome(path), { mode: 0o755, ...STUDENT });
  }

  /** The names in a folder, sorted; those of folders end with a `/`. */
  list(folder: string): readonly string[] {
    const root = pathInHome(folder);
    return this.#files.list(root).map((name) => {
      const isFolder = this.#files.stat(`${root}/${name}`).kind === "directory";
      return isFolder ? `${name}/` : name;
    });
  }
}

function notHomeItself(path: string): string {
  const inTree = pathInHome(path);
  if (path.replace(/\/+$/, "") !== STUDENT_FOLDER) return inTree;
  throw new BrowserError("refused", `${STUDENT_FOLDER} has to stay where it is.`);
}
