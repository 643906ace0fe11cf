import type { Lab } from "../lab/index.js";
import { BrowserError } from "./failure.js";

const HOME = "/home";
const STUDENT = "/home/student";

/** Larger ones are no sources, and the browser's storage is small. */
const LARGEST_EDIT_BYTES = 256 * 1024;

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

  /** @param lab one that has just started: its files are the course's. */
  constructor({ files }: Pick<Lab, "files">) {
    this.#files = files;
    for (const { path, stat } of files.walk()) {
      if (stat.kind !== "file") continue;
      const { mode, uid, gid } = stat;
      this.#originals.set(path, { bytes: files.readFile(path), mode: mode & 0o7777, uid, gid });
    }
  }

  /**
   * Puts the user's files in the place of the course's.
   * @returns the paths of those that could not be.
   */
  override(edits: Readonly<Record<string, string>>): readonly string[] {
    return Object.entries(edits).flatMap(([path, content]) => {
      try {
        const inTree = this.#treePath(path);
        const { bytes: _, ...attributes } = this.#originals.get(inTree) ?? NEW_FILE;
        this.#files.writeFile(inTree, new TextEncoder().encode(content), attributes);
        return [];
      } catch {
        return [path];
      }
    });
  }

  /** The text of a file that is the user's own; undefined for the course's, and for no text. */
  editOf(path: string): string | undefined {
    const inTree = this.#treePath(path);
    if (!this.#files.exists(inTree)) return undefined;
    const { kind, size } = this.#files.stat(inTree);
    if (kind !== "file" || size > LARGEST_EDIT_BYTES) return undefined;
    const bytes = this.#files.readFile(inTree);
    const original = this.#originals.get(inTree);
    if (original !== undefined && isSame(original.bytes, bytes)) return undefined;
    return textOf(bytes);
  }

  /** The text of a file as the course has it, whatever the user made of it; undefined for others. */
  originalOf(path: string): string | undefined {
    const original = this.#originals.get(this.#treePath(path));
    return original && textOf(original.bytes);
  }

  /** The names in a folder, sorted; those of folders end with a `/`. */
  list(folder: string): readonly string[] {
    const root = this.#treePath(folder);
    return this.#files.list(root).map((name) => {
      const isFolder = this.#files.stat(`${root}/${name}`).kind === "directory";
      return isFolder ? `${name}/` : name;
    });
  }

  /** Makes a folder what it was at the start. What is open in the guest stays the same file. */
  reset(folder: string): void {
    const root = this.#treePath(folder);
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

  #treePath(path: string): string {
    const names = path.split("/");
    const isInside = path === STUDENT || path.startsWith(`${STUDENT}/`);
    if (!isInside || names.includes("..") || names.includes(".")) {
      throw new BrowserError("refused", `${path} is not in ${STUDENT}, where your files are.`);
    }
    return path.slice(HOME.length);
  }
}

const NEW_FILE: CourseFile = { bytes: new Uint8Array(), mode: 0o644, uid: 1000, gid: 1000 };

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
