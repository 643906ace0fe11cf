import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";
import { publishedName } from "../../emulator/browser/published-name.js";
import { imagesHandler } from "../../emulator/cli/serve/images-handler.js";
import {
  BUILD_IMAGES,
  IMAGE_DOCUMENTS,
  LATER_IMAGES,
  RARE_IMAGES,
  START_IMAGES,
} from "./published-images.js";

const PUBLISHED = [
  ...START_IMAGES,
  ...LATER_IMAGES,
  ...BUILD_IMAGES,
  ...RARE_IMAGES,
  ...IMAGE_DOCUMENTS,
];

/**
 * Publishes the prebuilt images beside the page, as files of their own under `images/`: they are
 * large, and checked by their hashes when they are loaded.
 * @param folder where they are
 */
export function imagesPlugin(folder: string): Plugin {
  let outDir = "";
  return {
    name: "kspace-images",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    configureServer(server) {
      server.middlewares.use("/images", imagesHandler(folder));
    },
    writeBundle: {
      sequential: true,
      async handler() {
        for (const file of PUBLISHED) {
          const target = join(outDir, "images", publishedName(file));
          await cp(join(folder, file), target, { recursive: true });
        }
      },
    },
  };
}
