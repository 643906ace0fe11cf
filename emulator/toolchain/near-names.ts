/** As many as a person looks at. */
const MOST = 3;
/** Beside the nearest name, one that takes so many slips more is likely enough to be told. */
const MOST_BEHIND = 1;

/**
 * The names that somebody may have meant who wrote another one: those that a few slips of the hand
 * lead from, the nearest first.
 */
export function nearNames(written: string, names: Iterable<string>): string[] {
  // One slip in a short name, one more for each five letters.
  const limit = 1 + Math.floor(written.length / 5);
  const near: { name: string; slips: number }[] = [];
  for (const name of names) {
    if (Math.abs(name.length - written.length) > limit || name === written) continue;
    const slips = countSlips(written, name, limit);
    if (slips <= limit) near.push({ name, slips });
  }
  const least = Math.min(...near.map(({ slips }) => slips));
  return near
    .filter(({ slips }) => slips <= least + MOST_BEHIND)
    .sort((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/**
 * How many letters are one too many, missing, wrong, or in the place of their neighbour: the
 * distance of Damerau and Levenshtein in its restricted form ("optimal string alignment").
 * @returns more than the limit as soon as that is certain
 */
function countSlips(from: string, to: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      }
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
