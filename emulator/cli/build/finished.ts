/** How the build of one thing went. */
export interface Finished<T> {
  readonly build: T;
  /** Host milliseconds. */
  readonly ms: number;
}

/** Builds one thing, and measures how long that takes. */
export async function timed<T>(build: () => Promise<T>): Promise<Finished<T>> {
  const start = performance.now();
  return { build: await build(), ms: performance.now() - start };
}
