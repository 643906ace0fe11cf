import { fileURLToPath } from "node:url";
import { createLogger, defineConfig, type Logger } from "vite";
import { compressPlugin } from "./build/compress-plugin.js";
import { enginePlugin } from "./build/engine-plugin.js";
import { imagesPlugin } from "./build/images-plugin.js";
import { offlinePlugin, SERVICE_WORKER } from "./build/offline-plugin.js";

const root = fileURLToPath(new URL(".", import.meta.url));
const images = fileURLToPath(new URL("../images", import.meta.url));

function quietLogger(): Logger {
  const logger = createLogger();
  const { warn, warnOnce } = logger;
  const isOfV86 = (text: string): boolean =>
    text.includes("externalized for browser compatibility") && text.includes("/v86/build/");
  logger.warn = (text, options) => isOfV86(text) || warn(text, options);
  logger.warnOnce = (text, options) => isOfV86(text) || warnOnce(text, options);
  return logger;
}

export default defineConfig({
  root,
  // Relative addresses: the page works below any path of a server.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // In this order: the list for the service worker is made of what is there by then.
  plugins: [enginePlugin(), imagesPlugin(images), offlinePlugin(), compressPlugin()],
  worker: { format: "es" },
  // v86 imports modules of Node where it finds itself in Node; vite says so for each of them.
  customLogger: quietLogger(),
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // The browsers that have all that the page uses: light-dark() is the youngest of it.
    target: ["chrome123", "firefox128", "safari17.5"],
    // As files of their own: `data:` addresses are not allowed by the Content-Security-Policy.
    assetsInlineLimit: 0,
    // The lab's program is as large, and is loaded in the worker, beside the page.
    chunkSizeWarningLimit: 800,
    // An inline script otherwise; all of those browsers know `modulepreload`.
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      // How long its plugins take says nothing to whoever builds the page.
      checks: { pluginTimings: false },
      input: {
        index: fileURLToPath(new URL("index.html", import.meta.url)),
        "service-worker": fileURLToPath(new URL("src/offline/service-worker.ts", import.meta.url)),
      },
      output: {
        entryFileNames: ({ name }) =>
          name === "service-worker" ? SERVICE_WORKER : "assets/[name]-[hash].js",
      },
    },
  },
});
