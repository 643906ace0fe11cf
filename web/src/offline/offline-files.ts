/** A file of the page, as the build lists it for the service worker. */
export interface OfflineFile {
  /** From the page's folder on: `assets/index-1a2b3c4d.js`. */
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Kept before the service worker takes over, or once the lab runs. */
  readonly when: "install" | "later";
}

/** What the page tells its service worker. */
export type OfflineMessage =
  /** The lab runs: there is time to fetch what it may need later. */
  | "keep-everything"
  /** The page has not begun: a new version may take over, if no other tab is at work. */
  | "take-over-if-alone"
  /** The person wants the new version now. */
  | "take-over";
