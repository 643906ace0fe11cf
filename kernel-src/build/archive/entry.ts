/** What the archive writers know of a file. Times are not part of it: all are the same. */
export type ArchiveEntry = {
  /** Without a leading slash. */
  readonly path: string;
  /** The permission bits only, setuid and sticky included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
} & (
  | { readonly kind: "file"; readonly data: Uint8Array }
  | { readonly kind: "directory" }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "character-device"; readonly major: number; readonly minor: number }
);

/**
 * The entries ordered by path, byte for byte, so that an archive depends on no locale; a folder
 * comes before what is in it.
 *
 * @throws if two entries have the same path, or a path is absolute or leaves the archive
 */
export function sortEntries(entries: readonly ArchiveEntry[]): ArchiveEntry[] {
  const seen = new Set<string>();
  for (const { path } of entries) {
    if (
      path === "" ||
      path.split("/").some((part) => part === "" || part === "." || part === "..")
    ) {
      throw new Error(`Not a path inside an archive: "${path}".`);
    }
    if (seen.has(path)) throw new Error(`Two archive entries have the path "${path}".`);
    seen.add(path);
  }
  return [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
