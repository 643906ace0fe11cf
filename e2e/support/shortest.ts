/** A machine that is busy only ever adds to a time: the shortest of some is the page's own. */
export const MOST_SAMPLES = 3;

/**
 * Measures a time until it is short enough, or {@link MOST_SAMPLES} were too long.
 * @param measure takes how many were measured before
 * @returns all that were measured, in the unit of the bound
 */
export async function measuredUntilBelow(
  bound: number,
  measure: (before: number) => Promise<number>,
): Promise<readonly number[]> {
  const times: number[] = [];
  while (!times.some((time) => time < bound) && times.length < MOST_SAMPLES) {
    times.push(await measure(times.length));
  }
  return times;
}
