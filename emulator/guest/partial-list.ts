/** A list out of memory that may be damaged: what there is of it, and what is missing. */
export interface PartialList<T> {
  readonly items: readonly T[];
  /** What could not be read and why, a sentence each; empty if all of the list is there. */
  readonly missing: readonly string[];
}
