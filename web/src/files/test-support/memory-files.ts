import type { FileActions } from "../file-operations.js";

/** The guest's files, in memory; folders are there as long as something is in them. */
export class MemoryFiles implements FileActions {
  readonly files = new Map<string, Uint8Array>();

  put(path: string, text: string): void {
    this.files.set(path, new TextEncoder().encode(text));
  }

  /** Undefined where there is no file. */
  text(path: string): string | undefined {
    const bytes = this.files.get(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  async listFiles(folder: string): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const path of this.files.keys()) {
      if (!path.startsWith(`${folder}/`)) continue;
      const [name = "", inside] = path.slice(folder.length + 1).split("/");
      names.add(inside === undefined ? name : `${name}/`);
    }
    return [...names].sort();
  }

  async readBytes(path: string): Promise<Uint8Array> {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new Error(`There is no ${path}.`);
    return bytes;
  }

  async writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    this.files.set(path, bytes);
  }

  /** Of a folder, all that is in it. */
  async removeFile(path: string): Promise<void> {
    const files = [...this.files.keys()];
    const gone = files.filter((file) => file === path || file.startsWith(`${path}/`));
    if (gone.length === 0) throw new Error(`There is no ${path}.`);
    for (const file of gone) this.files.delete(file);
  }

  async renameFile(from: string, to: string): Promise<void> {
    const bytes = await this.readBytes(from);
    if (this.files.has(to)) throw new Error(`There is a ${to}.`);
    this.files.delete(from);
    this.files.set(to, bytes);
  }
}
