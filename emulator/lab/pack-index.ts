import { LabError } from "./errors.js";
import type { Images } from "./images.js";

/** A file of a pack: its path below the pack's root, its mode as chmod takes it, its bytes. */
export type PackFile = readonly [path: string, mode: number, size: number];

/**
 * Files that the guest sees from the start and that the host fetches when one of them is first
 * opened, all of a pack at once.
 */
export interface Pack {
  readonly name: string;
  /** The folder in the guest that its files are written for. */
  readonly root: string;
  /** The image that they are in: a gzipped tar archive of plain files. */
  readonly archive: string;
  /** Size of that image. */
  readonly bytes: number;
  /** When its files were last changed, seconds since 1970. */
  readonly modified: number;
  readonly files: readonly PackFile[];
}

/**
 * Reads what is in the packs, but not their files.
 * @throws LabError `image-missing` or `image-corrupt`
 */
export async function readPackIndex(
  images: Images,
  arch: string,
  signal?: AbortSignal,
): Promise<readonly Pack[]> {
  const path = `${arch}/packs.json.gz`;
  const bytes = await images.source.gunzip(await images.read(path, signal));
  const index: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (isRecord(index) && Array.isArray(index.packs) && index.packs.every(isPack)) {
    return index.packs;
  }
  throw new LabError("image-corrupt", `images/${path} is no list of packs of this version.`);
}

function isPack(value: unknown): value is Pack {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.root === "string" &&
    typeof value.archive === "string" &&
    typeof value.bytes === "number" &&
    typeof value.modified === "number" &&
    Array.isArray(value.files) &&
    value.files.every(isPackFile)
  );
}

function isPackFile(value: unknown): value is PackFile {
  if (!Array.isArray(value)) return false;
  const [path, mode, size]: unknown[] = value;
  return typeof path === "string" && typeof mode === "number" && typeof size === "number";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
