import type { JSX } from "preact";
import { formatBytes } from "../app/machine-text.js";
import { useLab } from "../lab-context.js";

/** How far the compiler has come, the first time that something is built. */
export function BuildDownload(): JSX.Element | null {
  const { store } = useLab();
  const download = store.buildDownload.value;
  if (download === undefined || store.build.value?.phase !== "running") return null;
  const { loadedBytes, totalBytes } = download;
  return (
    <div class="build-download">
      <progress
        class="build-download__bar"
        aria-label="Download of the compiler"
        max={totalBytes}
        value={loadedBytes}
      />
      <span class="build-download__bytes">
        Downloading the compiler: {formatBytes(loadedBytes)} of {formatBytes(totalBytes)}. It is
        kept for the next time.
      </span>
    </div>
  );
}
