import type { ParsedTarFileItem } from "nanotar";
import { applyDiff, parseDiff, reversed, type UnifiedDiff } from "./unified-diff.js";

/**
 * The course's files as a student begins with them. Where a patch lies beside a source, the course
 * has made that change and built a module of it: here the change is still to be made, and the
 * module to be built.
 */
export function asExercise(files: readonly ParsedTarFileItem[]): readonly ParsedTarFileItem[] {
  const changesBack = new Map<string, UnifiedDiff>();
  for (const { name, data } of files) {
    const diff = name.endsWith(".patch") ? parseDiff(new TextDecoder().decode(data)) : undefined;
    if (diff !== undefined) changesBack.set(folderOf(name), reversed(diff));
  }
  return files.flatMap((file) => {
    const folder = folderOf(file.name);
    const back = changesBack.get(folder);
    if (back === undefined) return [file];
    if (file.name.endsWith(".ko")) return [];
    if (file.name !== folder + back.path) return [file];
    const begun = applyDiff(new TextDecoder().decode(file.data), back);
    return begun === undefined ? [file] : [{ ...file, data: new TextEncoder().encode(begun) }];
  });
}

/** With the `/` at its end. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
