import { STUDENT } from "../lab/home.js";
import type { Lab } from "../lab/index.js";
import { BrowserError } from "./failure.js";
import { pathInHome } from "./home-path.js";
import { LARGEST_KEPT_BYTES, packBytes } from "./kept-bytes.js";
import type { KeptFiles } from "./kept-files.js";
import type { UserChange } from "./protocol.js";

/** Of a larger file, these show whether it is a text. */
const FIRST_BYTES = 8192;

interface CourseFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The user's files as the course has them, to tell edits from them and to go back to them. */
export class CourseFiles {
  readonly #files: Lab["files"];
  /** By path in the tree. */
  readonly #originals = new Map<string, CourseFile>();
  /** The course's folders, by path in the tree. */
  readonly #folders = new Set<string>();

  /** @param lab one that has just started: its files are the course's. */
  constructor({ files }: Pick<Lab, "files">) {
    this.#files = files;
    for (const { path, stat } of files.walk()) {
      if (stat.kind === "directory") this.#folders.add(path);
      if (stat.kind !== "file") continue;
      const { mode, uid, gid } = stat;
      this.#originals.set(path, { bytes: files.readFile(path), mode: mode & 0o7777, uid, gid });
    }
  }

  /**
   * Makes of the course's files what the user had made of them.
   * @returns the paths of what could not be put there.
   */
  override({ files, removed, folders, damaged }: KeptFiles): readonly string[] {
    // The longest first: a folder is empty when its turn comes. What is left in it keeps it.
    for (const path of [...removed].sort((a, b) => b.length - a.length)) {
      succeeds(() => this.#files.remove(pathInHome(path)));
    }
    const refusedFolders = folders.filter(
      (path) => !succeeds(() => this.#files.mkdir(pathInHome(path), { mode: 0o755, ...STUDENT })),
    );
    const refusedFiles = [...files].flatMap(([path, { content, mode }]) => {
      const isWritten = succeeds(() => {
        const inTree = pathInHome(path);
        const { mode: usual, uid, gid } = this.#originals.get(inTree) ?? NEW_FILE;
        this.#files.writeFile(inTree, content, { mode: mode ?? usual, uid, gid });
      });
      return isWritten ? [] : [path];
    });
    return [...damaged, ...refusedFolders, ...refusedFiles];
  }

  /** What the browser is to keep of a file or folder. */
  async changeOf(path: string): Promise<UserChange> {
    const inTree = pathInHome(path);
    const original = this.#originals.get(inTree);
    const isCourses = original !== undefined || this.#folders.has(inTree);
    const others: UserChange = { kind: isCourses ? "removed" : "none" };
    if (!this.#files.exists(inTree)) return others;
    const { kind, size, mode } = this.#files.stat(inTree);
    if (kind === "directory") return { kind: this.#folders.has(inTree) ? "none" : "folder" };
    if (kind !== "file") return others;
    if (size > LARGEST_KEPT_BYTES) {
      // The course's text is better than none; its module, made of another source, is not.
      const isText = !this.#files.read(inTree, 0, FIRST_BYTES).includes(0);
      return isText ? { kind: "none" } : others;
    }
    const bytes = this.#files.readFile(inTree);
    if (original !== undefined && isSame(original.bytes, bytes)) return { kind: "none" };
    const text = textOf(bytes);
    if (text !== undefined) return { kind: "text", text };
    return { kind: "bytes", bytes: await packBytes(bytes, mode & 0o7777) };
  }

  /** The text of a file as the course has it, whatever the user made of it; undefined for others. */
  originalOf(path: string): string | undefined {
    const original = this.#originals.get(pathInHome(path));
    return original && textOf(original.bytes);
  }

  /** Makes a folder what it was at the start. What is open in the guest stays the same file. */
  reset(folder: string): void {
    const root = pathInHome(folder);
    const isInside = (path: string): boolean => path === root || path.startsWith(`${root}/`);
    const originals = [...this.#originals].filter(([path]) => isInside(path));
    if (originals.length === 0) {
      throw new BrowserError("refused", `The course has no folder ${folder}.`);
    }
    const present = this.#files.exists(root) ? [...this.#files.walk(root)] : [];
    // The deepest first: a folder is empty when its turn comes.
    for (const { path, stat } of present.reverse()) {
      const isCourses =
        stat.kind === "directory"
          ? originals.some(([original]) => original.startsWith(`${path}/`))
          : stat.kind === "file" && this.#originals.has(path);
      if (!isCourses) this.#files.remove(path);
    }
    for (const [path, { bytes, ...attributes }] of originals) {
      const isUnchanged = this.#files.exists(path) && isSame(this.#files.readFile(path), bytes);
      if (isUnchanged) this.#files.setAttributes(path, attributes);
      else this.#files.writeFile(path, bytes, attributes);
    }
  }
}

const NEW_FILE = { mode: 0o644, ...STUDENT };

function succeeds(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Undefined for what is no text. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
