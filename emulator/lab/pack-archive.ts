import { parseTar } from "nanotar";
import { LabError } from "./errors.js";
import type { Images } from "./images.js";
import type { Pack } from "./pack-index.js";

type Files = ReadonlyMap<string, Uint8Array>;

/** The files of a pack, which are fetched when one of them is first wanted. */
export class PackArchive {
  readonly pack: Pack;
  readonly #images: Images;
  #files: Promise<Files> | undefined;
  #isHere = false;

  constructor(images: Images, pack: Pack) {
    this.#images = images;
    this.pack = pack;
  }

  get isHere(): boolean {
    return this.#isHere;
  }

  /** Fetches and unpacks the archive; at once when that was done before, again when it failed. */
  fetch(): Promise<Files> {
    this.#files ??= this.#fetch().catch((error: unknown) => {
      this.#files = undefined;
      throw error;
    });
    return this.#files;
  }

  /**
   * The content of one file, which is not a copy.
   * @throws LabError (rejects) `image-missing` or `image-corrupt`
   */
  async read(path: string): Promise<Uint8Array> {
    const bytes = (await this.fetch()).get(path);
    if (bytes !== undefined) return bytes;
    const { archive } = this.pack;
    throw new LabError("image-corrupt", `images/${archive} lacks ${path}, which its index lists.`);
  }

  async #fetch(): Promise<Files> {
    const packed = await this.#images.read(this.pack.archive);
    const entries = parseTar(await this.#images.source.gunzip(packed));
    this.#isHere = true;
    return new Map(entries.map(({ name, data }) => [name, data ?? new Uint8Array()]));
  }
}
