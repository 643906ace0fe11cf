/** A file of the page, as the build lists it for the service worker. */
export interface OfflineFile {
  /** From the page's folder on: `assets/index-1a2b3c4d.js`. */
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /**
   * When it is kept: before the service worker takes over; once the lab runs; after that, unless
   * that costs the person money, and else when something was built; or when it was needed, as all
   * of them are then.
   */
  readonly when: "install" | "later" | "builds" | "used";
}

/** What the page tells its service worker. */
export type OfflineMessage =
  /** The lab runs: there is time to fetch what it may need later. */
  | "keep-later"
  /** There is time also for what builds need; or they needed it, and it is no new download. */
  | "keep-builds"
  /** The page has not begun: a new version may take over, if no other tab is at work. */
  | "take-over-if-alone"
  /** The person wants the new version now. */
  | "take-over";
