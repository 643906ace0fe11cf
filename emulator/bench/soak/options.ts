export interface SoakOptions {
  readonly courses: number;
  /** How often section 3 is frozen, opened up and put back. */
  readonly autopsies: number;
  /** Of all the browser's tests of the page, of edits with a build, of x86-64 instructions. */
  readonly rounds: number;
  /** How long a part goes on that has no other end. */
  readonly minutes: number;
  /** Of the random numbers: the same one damages the same inputs in the same way. */
  readonly seed: number;
}

/** Fuzzing is reported, and its memory looked at, so often. */
export const ROUND_MS = 30_000;
/** What a process that only reads logs or files may come to hold; it starts at some 100 MB. */
const MOST_MEMORY_BYTES = 1.5 * 2 ** 30;

/** @throws when the process holds more memory than it should ever need. */
export function checkMemory(): string {
  const { rss } = process.memoryUsage();
  const text = `${Math.round(rss / 2 ** 20)} MiB`;
  if (rss > MOST_MEMORY_BYTES) throw new Error(`The process has grown to ${text}.`);
  return text;
}
