import type { ParsedTarFileItem } from "nanotar";
import { applyDiff, parseDiff, reversed } from "./unified-diff.js";

/**
 * The course's files as a student begins with them. Where a patch lies beside a source, the course
 * has made that change and built a module of it: here the change is still to be made, and the
 * module to be built.
 */
export function asExercise(files: readonly ParsedTarFileItem[]): readonly ParsedTarFileItem[] {
  const changes = new Map<string, string>();
  for (const { name, data } of files) {
    if (name.endsWith(".patch")) changes.set(folderOf(name), new TextDecoder().decode(data));
  }
  return files.flatMap((file) => {
    const patch = changes.get(folderOf(file.name));
    if (patch === undefined) return [file];
    if (file.name.endsWith(".ko")) return [];
    const diff = parseDiff(patch);
    if (diff === undefined || file.name !== folderOf(file.name) + diff.path) return [file];
    const begun = applyDiff(new TextDecoder().decode(file.data), reversed(diff));
    return begun === undefined ? [file] : [{ ...file, data: new TextEncoder().encode(begun) }];
  });
}

/** With the `/` at its end. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
