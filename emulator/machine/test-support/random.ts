/** The same numbers from 0 up to 1 in each run: the linear congruence of "Numerical Recipes", 7.1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
