import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "vite";
import { exportSingleStep } from "../../emulator/machine/v86-wasm.js";

/** How the page's sources name the file. */
const ENGINE = "v86/build/v86.wasm?url";
const NAME = "v86.wasm";
/** In front of the names of modules that are no files: a convention of rollup's. */
const MODULE = `\0${ENGINE}`;

/**
 * Publishes v86.wasm with the export by which debuggers make single steps. So the page compiles the
 * file while it comes, and browsers keep the compiled code: neither can be had for one that the
 * page changes itself.
 */
export function enginePlugin(): Plugin {
  let isBuild = false;
  let base = "/";
  return {
    name: "kspace-engine",
    enforce: "pre",
    configResolved(config) {
      isBuild = config.command === "build";
      base = config.base;
    },
    resolveId: (source) => (source === ENGINE ? MODULE : undefined),
    async load(id) {
      if (id !== MODULE) return undefined;
      // A server of unbuilt pages has it at an address of its own.
      if (!isBuild) return `export default ${JSON.stringify(base + NAME)};`;
      const source = await readEngine();
      const reference = this.emitFile({ type: "asset", name: NAME, source });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
    configureServer(server) {
      server.middlewares.use(`/${NAME}`, (_request, response, next) => {
        readEngine().then((engine) => {
          response.setHeader("content-type", "application/wasm");
          response.end(engine);
        }, next);
      });
    },
  };
}

async function readEngine(): Promise<Uint8Array> {
  const file = createRequire(import.meta.url).resolve("v86/build/v86.wasm");
  return exportSingleStep(new Uint8Array(await readFile(file)));
}
