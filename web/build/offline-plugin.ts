import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Plugin } from "vite";
import { publishedName } from "../../emulator/browser/published-name.js";
import type { OfflineFile } from "../src/offline/offline-files.js";
import { afterBuild } from "./after-build.js";
import { BUILD_IMAGES, IMAGE_DOCUMENTS, LATER_IMAGES, RARE_IMAGES } from "./published-images.js";

/** Pictures of the page for its help: they are not worth a download that nobody has asked for. */
const SCREENSHOTS = "screenshots/";

/** The built service worker, beside the page: its scope is the folder that it lies in. */
export const SERVICE_WORKER = "service-worker.js";

/** Stands in the built service worker for the list. */
const PLACEHOLDER = "__KSPACE_OFFLINE_FILES__";

/**
 * Writes into the built service worker which files there are, with their hashes. A build that
 * differs in any file so has another service worker, by which browsers see that it is new.
 */
export function offlinePlugin(): Plugin {
  return afterBuild("kspace-offline", async (site) => {
    const script = join(site, SERVICE_WORKER);
    const parts = (await readFile(script, "utf8")).split(PLACEHOLDER);
    if (parts.length !== 2) {
      throw new Error(`${SERVICE_WORKER} names ${PLACEHOLDER} ${parts.length - 1} times.`);
    }
    await writeFile(script, parts.join(JSON.stringify(await listFiles(site))));
  });
}

/** All that is published, but for the service worker itself, and what nobody needs offline. */
async function listFiles(folder: string): Promise<OfflineFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => path !== SERVICE_WORKER && !path.endsWith(".map") && !isOnlyOnline(path))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(join(folder, path));
      return {
        path,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        when: whenKept(path),
      };
    }),
  );
}

function whenKept(path: string): OfflineFile["when"] {
  const isOneOf = (images: readonly string[]): boolean =>
    images.some((image) => path === `images/${publishedName(image)}`);
  if (isOneOf(LATER_IMAGES)) return "later";
  if (isOneOf(BUILD_IMAGES)) return "builds";
  return isOneOf(RARE_IMAGES) ? "used" : "install";
}

function isOnlyOnline(path: string): boolean {
  return (
    path.startsWith(SCREENSHOTS) ||
    IMAGE_DOCUMENTS.some((name) => path === `images/${name}` || path.startsWith(`images/${name}/`))
  );
}
