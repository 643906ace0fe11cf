import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { imagesPlugin } from "./build/images-plugin.js";
import { offlinePlugin, SERVICE_WORKER } from "./build/offline-plugin.js";

const root = fileURLToPath(new URL(".", import.meta.url));
const images = fileURLToPath(new URL("../images", import.meta.url));

export default defineConfig({
  root,
  // Relative addresses: the page works below any path of a server.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [imagesPlugin(images), offlinePlugin()],
  worker: { format: "es" },
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // The browsers that have all that the page uses: light-dark() is the youngest of it.
    target: ["chrome123", "firefox128", "safari17.5"],
    // As files of their own: `data:` addresses are not allowed by the Content-Security-Policy.
    assetsInlineLimit: 0,
    // An inline script otherwise; all of those browsers know `modulepreload`.
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    rolldownOptions: {
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
