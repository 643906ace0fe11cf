import type { GuideEvent } from "./guide-event.js";
import type { SectionPaths } from "./step.js";

/** What it needs of a lab. */
export interface FileReader {
  readFile(path: string): Promise<string>;
  listFiles(folder: string): Promise<readonly string[]>;
}

/** A longer text is none of the course's, and is not looked at. */
const LONGEST_SOURCE = 256 * 1024;

/**
 * Follows the sections' sources and modules for a guide. What happened to them is told in its
 * order, though reading takes its time: a module behind the source that it was built of.
 */
export class SectionFiles {
  readonly #sections: readonly SectionPaths[];
  readonly #files: FileReader;
  readonly #tell: (event: GuideEvent) => void;
  #told: Promise<void> = Promise.resolve();

  constructor(
    sections: readonly SectionPaths[],
    files: FileReader,
    tell: (event: GuideEvent) => void,
  ) {
    this.#sections = sections;
    this.#files = files;
    this.#tell = tell;
  }

  /** Tells how all is at the start. */
  begin(): void {
    for (const section of this.#sections) this.#then(() => this.#tellAll(section));
  }

  changed(changes: readonly { readonly path: string; readonly change: string }[]): void {
    for (const { path, change } of changes) {
      for (const { source, module } of this.#sections) {
        if (path === source) this.#then(() => this.#tellSource(source));
        if (path !== module) continue;
        const kind = change === "removed" ? "removed" : "built";
        this.#then(async () => this.#tell({ kind: "module-file", path, change: kind }));
      }
    }
  }

  #then(telling: () => Promise<void>): void {
    this.#told = this.#told.then(telling);
  }

  async #tellAll({ folder, source, module }: SectionPaths): Promise<void> {
    await this.#tellSource(source);
    const names = await this.#files.listFiles(folder).catch((): string[] => []);
    const isThere = names.includes(module.slice(folder.length + 1));
    this.#tell({ kind: "module-file", path: module, change: isThere ? "found" : "removed" });
  }

  async #tellSource(path: string): Promise<void> {
    const text = await this.#files.readFile(path).catch(() => undefined);
    const isShort = text !== undefined && text.length <= LONGEST_SOURCE;
    this.#tell({ kind: "source", path, text: isShort ? text : undefined });
  }
}
