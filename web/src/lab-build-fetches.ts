import type { BuildFetchEvent } from "../../emulator/browser/protocol.js";

/** Bytes of all that is being downloaded for builds. */
export interface BuildDownload {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** One part of what is being downloaded. */
export interface PartDownload extends BuildDownload {
  readonly part: BuildFetchEvent["part"];
  readonly isOver: boolean;
}

/** What is on its way; and what has come while other parts are: so that a bar does not fall back. */
export function withDownload(
  downloads: readonly PartDownload[],
  fetch: BuildFetchEvent,
): readonly PartDownload[] {
  const { part } = fetch;
  const next =
    fetch.state === "failed"
      ? downloads.filter((one) => one.part !== part)
      : withPart(downloads, {
          part,
          loadedBytes: fetch.state === "fetching" ? fetch.loadedBytes : fetch.totalBytes,
          totalBytes: fetch.totalBytes,
          isOver: fetch.state === "fetched",
        });
  return next.some(({ isOver }) => !isOver) ? next : [];
}

export function together(downloads: readonly PartDownload[]): BuildDownload | undefined {
  if (downloads.length === 0) return undefined;
  return {
    loadedBytes: downloads.reduce((sum, { loadedBytes }) => sum + loadedBytes, 0),
    totalBytes: downloads.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
  };
}

/** One of each part, the last, in the order in which they began. */
export function withPart<T extends { readonly part: BuildFetchEvent["part"] }>(
  list: readonly T[],
  next: T,
): readonly T[] {
  const isKnown = list.some(({ part }) => part === next.part);
  return isKnown ? list.map((one) => (one.part === next.part ? next : one)) : [...list, next];
}
