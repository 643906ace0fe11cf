import { resolve } from "node:path";
import type { Plugin } from "vite";

/**
 * A plugin that works on the finished site: behind all others' files, and in the order in which
 * such plugins are listed.
 * @param work gets the site's folder.
 */
export function afterBuild(name: string, work: (site: string) => Promise<void>): Plugin {
  let site = "";
  return {
    name,
    apply: "build",
    enforce: "post",
    configResolved(config) {
      site = resolve(config.root, config.build.outDir);
    },
    writeBundle: { order: "post", sequential: true, handler: () => work(site) },
  };
}
