import type { OpenFiles } from "../editor/open-files.js";
import { folderOf, HOME, isBuilt, nameOf } from "../editor/tab-names.js";
import type { LabActions } from "../lab-actions.js";
import { nameProblem } from "./file-name.js";
import { FileProblem } from "./file-problem.js";
import { isElf } from "./folder-sources.js";

export type FileActions = Pick<
  LabActions,
  "listFiles" | "readBytes" | "writeBytes" | "removeFile" | "renameFile"
>;

type Tabs = Pick<OpenFiles, "release" | "left" | "leftFolder" | "moved" | "open">;

/** What was done to the files, and how to take it back. */
export interface FilesDone {
  /** A sentence. */
  readonly text: string;
  /** Rejects with a {@link FileProblem} where the files have become others since. */
  readonly undo?: () => Promise<void>;
}

/** What a person does to the files of a folder, with the editor's tabs in step. */
export class FileOperations {
  readonly #lab: FileActions;
  readonly #tabs: Tabs;

  constructor(lab: FileActions, tabs: Tabs) {
    this.#lab = lab;
    this.#tabs = tabs;
  }

  /** @throws (rejects) FileProblem */
  async create(folder: string, name: string): Promise<FilesDone> {
    this.#checkName(name);
    await this.#checkFree(folder, name);
    const path = `${folder}/${name}`;
    await this.#lab.writeBytes(path, new Uint8Array());
    await this.#tabs.open(path);
    return { text: `${name} is made; it is empty.` };
  }

  /** @throws (rejects) FileProblem */
  async rename(path: string, name: string): Promise<FilesDone> {
    const before = nameOf(path);
    if (name === before) return { text: `${before} keeps its name.` };
    this.#checkName(name);
    await this.#checkFree(folderOf(path), name);
    const to = `${folderOf(path)}/${name}`;
    await this.#move(path, to);
    return { text: `${before} is ${name} now.`, undo: () => this.#move(to, path) };
  }

  /**
   * Whether {@link remove} can be undone. A program's mode is not known here: what comes back
   * could not be started.
   */
  async canBringBack(path: string): Promise<boolean> {
    return !isProgram(await this.#lab.readBytes(path));
  }

  /** @throws (rejects) FileProblem */
  async remove(path: string): Promise<FilesDone> {
    await this.#release(path);
    const bytes = await this.#lab.readBytes(path);
    await this.#lab.removeFile(path);
    await this.#tabs.left(path);
    const text = `${nameOf(path)} is deleted.`;
    if (isProgram(bytes)) return { text };
    const undo = async (): Promise<void> => {
      await this.#checkFree(folderOf(path), nameOf(path));
      await this.#lab.writeBytes(path, bytes);
      if (!isBuilt(nameOf(path))) await this.#tabs.open(path);
    };
    return { text, undo };
  }

  /** A folder with all that is in it; it does not come back. */
  async removeFolder(folder: string): Promise<FilesDone> {
    // First, so that nothing in the editor is written into it again.
    await this.#tabs.leftFolder(folder);
    await this.#lab.removeFile(folder);
    return { text: `${shortFolder(folder)} is deleted.` };
  }

  async #move(from: string, to: string): Promise<void> {
    await this.#release(from);
    await this.#lab.renameFile(from, to);
    await this.#tabs.moved(from, to);
  }

  async #release(path: string): Promise<void> {
    if (await this.#tabs.release(path)) return;
    throw new FileProblem(
      "unsaved",
      `The editor has a text of ${nameOf(path)} that is not written: see above that text.`,
    );
  }

  #checkName(name: string): void {
    const problem = nameProblem(name) ?? builtNameProblem(name);
    if (problem !== undefined) throw new FileProblem("bad-name", problem);
  }

  async #checkFree(folder: string, name: string): Promise<void> {
    const names = await this.#lab.listFiles(folder);
    if (!names.includes(name) && !names.includes(`${name}/`)) return;
    throw new FileProblem("taken", `${shortFolder(folder)} has a ${name} already.`);
  }
}

/** `~/2-fops`, as a shell shows it. */
export function shortFolder(folder: string): string {
  return folder.startsWith(`${HOME}/`) ? `~${folder.slice(HOME.length)}` : folder;
}

function builtNameProblem(name: string): string | undefined {
  return isBuilt(name)
    ? `${name} is a name of what a build makes: it would be written over.`
    : undefined;
}

/** System V ABI, chapter 4: e_type is ET_EXEC (2) or ET_DYN (3); modules are ET_REL. */
function isProgram(bytes: Uint8Array): boolean {
  const type = bytes[16];
  return isElf(bytes) && (type === 2 || type === 3);
}
