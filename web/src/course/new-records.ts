/**
 * What a growing list, of which the oldest entries may be gone, has more than before.
 * @returns undefined when it is another list now.
 */
export function newRecords<T>(before: readonly T[], now: readonly T[]): readonly T[] | undefined {
  const last = before.at(-1);
  if (last === undefined) return now;
  const index = now.lastIndexOf(last);
  return index < 0 ? undefined : now.slice(index + 1);
}
