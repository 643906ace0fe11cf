import type { FileTree } from "../../files/index.js";
import { ToolchainError } from "../../toolchain/index.js";
import { normalPath } from "../../toolchain/wasi/file-layer.js";
import { treePath } from "../guest-files.js";
import { STUDENT } from "../home.js";
import { pathBelow, type SourceFolder } from "./source-files.js";

/** A folder of the guest's `/home`, in the host's tree. */
export class HomeFolder implements SourceFolder {
  /** An absolute path in the guest. */
  readonly name: string;
  readonly #files: FileTree;
  readonly #root: string;

  /**
   * @param files the guest's `/home`
   * @throws ToolchainError `bad-request` for a folder outside of it
   */
  constructor(files: FileTree, path: string) {
    this.name = normalPath(path);
    const root = treePath(this.name);
    if (!path.startsWith("/") || root === undefined) {
      throw new ToolchainError(
        "bad-request",
        `${path} is no folder under /home: builds read the files there, which the host has.`,
      );
    }
    this.#files = files;
    this.#root = root;
  }

  async names(folder: string): Promise<readonly string[]> {
    const path = this.#path(folder);
    if (!this.#files.exists(path) || this.#files.stat(path).kind !== "directory") return [];
    return this.#files
      .list(path)
      .filter((name) => this.#files.stat(`${path}/${name}`).kind === "file");
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const inTree = this.#path(path);
    if (!this.#files.exists(inTree) || this.#files.stat(inTree).kind !== "file") return undefined;
    return this.#files.readFile(inTree);
  }

  async readText(path: string): Promise<string | undefined> {
    const bytes = await this.read(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  /**
   * Writes a file, the student's if it is new.
   * @param mode of a file that is new, or that is given one
   * @returns its path in the guest
   * @throws ToolchainError `bad-request` for a path that leads out; FileError as `FileTree.writeFile`
   */
  write(path: string, content: Uint8Array | string, mode?: number): string {
    const below = pathBelow("", path);
    if (below === undefined) {
      throw new ToolchainError("bad-request", `"${path}" is no file in ${this.name}.`);
    }
    const inTree = this.#path(below);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const isNew = !this.#files.exists(inTree);
    const attributes = isNew ? { mode: mode ?? 0o644, ...STUDENT } : mode ? { mode } : {};
    this.#files.writeFile(inTree, bytes, attributes);
    return `${this.name}/${below}`;
  }

  #path(path: string): string {
    return `${this.#root}/${path}`;
  }
}
