import type { LabActions } from "../lab-actions.js";
import { type Declaration, findDeclaration, includedHeaders } from "./c-declaration.js";

/** A declaration, and the file that has it: the user's own, or one of the kernel's headers. */
export interface PlacedDeclaration extends Declaration {
  readonly path: string;
}

/** Where the kernel's tree has what is included by `<…>`, in the compiler's order (its Makefile). */
const INCLUDE_FOLDERS = [
  "arch/x86/include",
  "include",
  "arch/x86/include/uapi",
  "include/uapi",
] as const;

/** What a source includes, what that includes, and so on: deeper than that nobody means a name. */
const MOST_DEPTH = 3;
const MOST_HEADERS = 150;

/**
 * Finds what a name in a source of the user's is declared as, by looking through the kernel's headers
 * that the source includes, the nearest first.
 */
export class KernelDeclarations {
  readonly #sources: Pick<LabActions, "readSource">;
  /** By what is included. */
  readonly #headers = new Map<string, Promise<Header | undefined>>();

  constructor(sources: Pick<LabActions, "readSource">) {
    this.#sources = sources;
  }

  /**
   * @param path of the source
   * @throws (rejects) what reading a header throws; the next question tries again
   */
  async find(name: string, source: string, path: string): Promise<PlacedDeclaration | undefined> {
    const own = findDeclaration(source, name);
    if (own !== undefined) return { ...own, path };
    const seen = new Set<string>();
    let included = includedHeaders(source);
    for (let depth = 0; depth < MOST_DEPTH && included.length > 0; depth++) {
      const next = included.filter((header) => !seen.has(header));
      for (const header of next) seen.add(header);
      const read = await Promise.all(next.map((header) => this.#header(header)));
      const headers = read.filter((header) => header !== undefined);
      for (const header of headers) {
        const found = findDeclaration(header.text, name);
        if (found !== undefined) return { ...found, path: header.path };
      }
      included = headers.flatMap((header) => includedHeaders(header.text));
      if (seen.size > MOST_HEADERS) return undefined;
    }
    return undefined;
  }

  #header(name: string): Promise<Header | undefined> {
    const known = this.#headers.get(name);
    if (known !== undefined) return known;
    const header = this.#readHeader(name).catch((error: unknown) => {
      this.#headers.delete(name);
      throw error;
    });
    this.#headers.set(name, header);
    return header;
  }

  async #readHeader(name: string): Promise<Header | undefined> {
    for (const folder of INCLUDE_FOLDERS) {
      const path = `${folder}/${name}`;
      const text = await this.#sources.readSource(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  }
}

interface Header {
  readonly path: string;
  readonly text: string;
}
