import type { GuestRequest } from "../../console/index.js";
import type { FileStat, FileTree } from "../../files/index.js";
import { absolutePath } from "../../toolchain/wasi/file-layer.js";
import { treePath } from "../guest-files.js";
import { HOME, homePath } from "./home-path.js";
import { collectForBuild, type NamedSources, type SourceFolder } from "./source-files.js";

/** Why a command of the guest cannot do what it is asked, in a few words for its own message. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code = "command-failed";
}

/** In nanoseconds. */
const SECOND = 1_000_000_000n;

/** Bits of a mode, as each of the three groups of `rwx` has them. */
const READ = 4;
const WRITE = 2;
const SEARCH = 1;

/**
 * A folder of the guest that one of its users works in, by way of the host's tree: symbolic links
 * lead where they do for the guest, and what the user may not do is refused.
 */
export class GuestFolder implements SourceFolder {
  /** Its absolute path, as the guest calls it. */
  readonly name: string;
  readonly #files: FileTree;
  readonly #user: GuestRequest["caller"];

  /**
   * @param files the guest's `/home`
   * @throws CommandError when the host does not see the folder, or it is none
   */
  constructor(files: FileTree, path: string, user: GuestRequest["caller"]) {
    this.#files = files;
    this.#user = user;
    this.name = absolutePath("/", path);
    if (homePath(files, this.name) === undefined) {
      throw new CommandError(
        `${this.name}: the compiler sees what is below ${HOME} alone; copy the sources there`,
      );
    }
    const kind = this.stat(".")?.kind;
    if (kind === undefined) throw new CommandError(`${this.name}: No such file or directory`);
    if (kind !== "directory") throw new CommandError(`${this.name}: Not a directory`);
  }

  /** The absolute path of a file, by its path from the folder. */
  absolute(path: string): string {
    return absolutePath(this.name, path);
  }

  /** What is known of a file; undefined when it is not there. */
  stat(path: string): FileStat | undefined {
    const inTree = homePath(this.#files, this.absolute(path));
    return inTree !== undefined && this.#files.exists(inTree)
      ? this.#files.stat(inTree)
      : undefined;
  }

  async names(folder: string): Promise<readonly string[]> {
    if (this.stat(folder)?.kind !== "directory") return [];
    const names = this.#files.list(this.#treePath(folder));
    return names.filter((name) => this.stat(`${folder}/${name}`)?.kind === "file");
  }

  /** @throws CommandError (rejects) when the user may not read it */
  async read(path: string): Promise<Uint8Array | undefined> {
    const stat = this.stat(path);
    if (stat?.kind !== "file") return undefined;
    if (!this.#may(READ, stat)) throw new CommandError(`${path}: Permission denied`);
    return this.#files.readFile(this.#treePath(path));
  }

  /**
   * What a compiler needs to have, by path from the folder: sources, and what they and the options
   * name of anything below `/home`.
   * @param workingFolder where the compiler is run
   */
  async collect(build: NamedSources, workingFolder: string): Promise<Map<string, Uint8Array>> {
    const home = new GuestFolder(this.#files, HOME, this.#user);
    const sources = build.sources.flatMap((path) => treePath(this.absolute(path)) ?? []);
    const found = await collectForBuild(home, { ...build, sources }, workingFolder);
    const entries = [...found].map(
      ([path, bytes]) => [this.#pathTo(`${HOME}/${path}`), bytes] as const,
    );
    return new Map(entries);
  }

  /**
   * Writes a file, which belongs to the user then. As with a linker, it is a new file: whoever has
   * the one before open, or runs it, keeps that.
   * @throws CommandError, FileError
   */
  write(path: string, content: Uint8Array | string, mode: number): void {
    const inTree = homePath(this.#files, this.absolute(path));
    const parent = this.stat(`${path}/..`);
    if (inTree === undefined) {
      throw new CommandError(`${path}: the compiler writes below ${HOME} alone`);
    }
    if (parent === undefined) throw new CommandError(`${path}: No such file or directory`);
    if (this.stat(path)?.kind === "directory") throw new CommandError(`${path}: Is a directory`);
    this.#mustWriteIn(parent, path);
    if (this.#files.exists(inTree)) this.#files.remove(inTree);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const { uid, gid } = this.#user;
    this.#files.writeFile(inTree, bytes, { mode, uid, gid });
  }

  /** When a file was last written, nanoseconds since 1970; undefined when it is not there. */
  modified(path: string): bigint | undefined {
    const at = this.stat(path)?.modified;
    return at && BigInt(at.seconds) * SECOND + BigInt(at.nanoseconds);
  }

  setModified(path: string, at: bigint): void {
    const modified = { seconds: Number(at / SECOND), nanoseconds: Number(at % SECOND) };
    this.#files.setAttributes(this.#treePath(path), { modified });
  }

  /** Removes a file of the folder itself, or a link to one. @throws CommandError */
  remove(name: string): void {
    const folder = this.stat(".");
    if (folder !== undefined) this.#mustWriteIn(folder, name);
    this.#files.remove(`${this.#treePath(".")}/${name}`);
  }

  #mustWriteIn(folder: FileStat, path: string): void {
    if (!this.#may(WRITE, folder) || !this.#may(SEARCH, folder)) {
      throw new CommandError(`${path}: Permission denied`);
    }
  }

  #may(bit: number, { mode, uid, gid }: FileStat): boolean {
    if (this.#user.uid === 0) return true;
    const shift = this.#user.uid === uid ? 6 : this.#user.gid === gid ? 3 : 0;
    return ((mode >> shift) & bit) !== 0;
  }

  /** From this folder to a place of the guest. */
  #pathTo(absolute: string): string {
    if (absolute.startsWith(`${this.name}/`)) return absolute.slice(this.name.length + 1);
    return `${"../".repeat(this.name.split("/").length - 1)}${absolute.slice(1)}`;
  }

  #treePath(path: string): string {
    const inTree = homePath(this.#files, this.absolute(path));
    if (inTree === undefined) throw new CommandError(`${path}: it is not below ${HOME}`);
    return inTree;
  }
}
