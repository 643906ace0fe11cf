/** A course's progress, as it is kept: plain JSON. */
export interface SavedProgress {
  readonly version: 1;
  /** The steps that are done, by section. */
  readonly done: Readonly<Record<string, readonly string[]>>;
  /** The place that section 4's report named, `hello_write+0x2b`. */
  readonly place?: string;
}

export const NO_PROGRESS: SavedProgress = { version: 1, done: {} };

/** Narrows what was kept, perhaps by another version or by somebody else's hand. */
export function parseProgress(kept: unknown): SavedProgress {
  if (!isRecord(kept) || kept.version !== 1 || !isRecord(kept.done)) return NO_PROGRESS;
  const done = Object.entries(kept.done).map(([section, steps]) => [
    section,
    Array.isArray(steps) ? steps.filter((step) => typeof step === "string") : [],
  ]);
  const { place } = kept;
  const isPlace = typeof place === "string" && /^\w+\+0x[0-9a-f]+$/.test(place);
  return { version: 1, done: Object.fromEntries(done), ...(isPlace && { place }) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
