/**
 * Random integers that are the same at each run: `random(n)` is one below n.
 * The generator is Marsaglia's xorshift32 (Journal of Statistical Software 8(14), 2003).
 */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
