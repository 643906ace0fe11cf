export type StorageProblemCode =
  /** The browser keeps nothing for this page, as in some private windows. */
  | "blocked"
  /** The browser gives this page no more room. */
  | "full"
  /** What lies there was written by a later version of the page. */
  | "newer"
  /** An entry was damaged, and was removed. */
  | "damaged";

/** Something that cannot be kept, or was lost. The page goes on; the message is for its user. */
export interface StorageProblem {
  readonly code: StorageProblemCode;
  readonly message: string;
}
